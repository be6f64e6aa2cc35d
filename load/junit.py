"""A run as JUnit XML, so that any build server shows a load test beside the other tests.

One `testsuite` as Maven's surefire writes it: a `testcase` for every threshold, and one each for what a run must not
do whether or not somebody asked. It refuses to judge: thresholds were judged already. Strange: a saturated generator is
an `error` and no `failure`, for nothing was found out about the stack.
"""

import re
from typing import Final
from xml.etree import ElementTree as ET

from load.timeline import Judged, Loaded
from load.words import number, share

SUITE: Final = "whitewater load"
UNFIT: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def junit(loaded: Loaded) -> str:
    """The whole document."""
    cases = [_judged(each) for each in loaded.thresholds]
    asked = {re.split(r"[^a-z_]", each.text.strip())[0] for each in loaded.thresholds}
    cases += [_counted(name, getattr(loaded, name)) for name in ("lost", "doubled") if name not in asked]
    cases += [_balanced(loaded), _late(loaded)]
    for case in cases:
        case.set("classname", f"whitewater.load.{loaded.profile}")
        case.set("time", f"{loaded.seconds:.3f}")
    suite = ET.Element("testsuite", name=SUITE, time=f"{loaded.seconds:.3f}", tests=str(len(cases)))
    for kind, counted in (("error", "errors"), ("skipped", "skipped"), ("failure", "failures")):
        suite.set(counted, str(sum(case.find(kind) is not None for case in cases)))
    properties = ET.SubElement(suite, "properties")
    for name, value in _properties(loaded).items():
        ET.SubElement(properties, "property", name=_fit(name), value=_fit(value))
    suite.extend(cases)
    ET.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, encoding="unicode") + "\n"


def _judged(each: Judged) -> ET.Element:
    case = ET.Element("testcase", name=_fit(each.text))
    if not each.holds:
        found = "nothing of the kind was measured" if each.measured is None else f"measured {number(each.measured)}"
        _add(case, "failure", f"{each.text}: {found}", "threshold")
    return case


def _counted(what: str, count: int | None) -> ET.Element:
    """Nobody asked for it, yet no run may lose or double an event."""
    case = ET.Element("testcase", name=f"no event was {what}")
    if count is None:
        ET.SubElement(case, "skipped", message="nobody counted")
    elif count:
        _add(case, "failure", f"{count:,} events were {what}", what)
    return case


def _balanced(loaded: Loaded) -> ET.Element:
    """Nor may any be unaccounted for."""
    case = ET.Element("testcase", name="in = accepted + failed")
    if loaded.unaccounted is None:
        ET.SubElement(case, "skipped", message="nobody counted")
    elif loaded.unaccounted:
        sums = f"{loaded.came} in, {loaded.accepted} accepted, {loaded.failed} failed"
        _add(case, "failure", f"it does not add up: {sums}", "unaccounted")
    return case


def _late(loaded: Loaded) -> ET.Element:
    case = ET.Element("testcase", name="the generator kept its time")
    if loaded.saturated:
        late = share(loaded.late_starts / max(loaded.ticks, 1))
        _add(case, "error", f"{late} of the generator's steps began late: its figures are void", "saturated")
    return case


def _add(case: ET.Element, kind: str, message: str, what: str) -> None:
    ET.SubElement(case, kind, message=_fit(message), type=what).text = _fit(message)


def _properties(loaded: Loaded) -> dict[str, str]:
    machine = loaded.machine
    return {
        "profile": loaded.profile,
        "target": loaded.target,
        "players": str(loaded.players),
        "events_per_s": str(loaded.events_per_s),
        "family": loaded.family,
        "seed": str(loaded.seed),
        "processes": str(loaded.processes),
        "gave_first": loaded.gave_first or "",
        "machine": f"{machine.cores} cores, {machine.memory_gb} GB, Python {machine.python}, {machine.system}",
        **{f"version.{name}": version for name, version in sorted(loaded.versions.items())},
    }


def _fit(text: str) -> str:
    return UNFIT.sub("\ufffd", text)
