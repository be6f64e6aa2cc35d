"""A run as build servers read it: JUnit XML as surefire writes it."""

from xml.etree import ElementTree as ET

from load.junit import junit
from load.timeline import Judged, Loaded
from tests.load import invented

KNOWN = {
    "testsuite": {"name", "time", "tests", "errors", "skipped", "failures"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
}
"""The elements of surefire's schema that are used, and all their attributes that it requires or allows here."""
BROKEN = (Judged("e2e_ms:p99<100", 104.0, holds=False), Judged("lag:max<9", None, holds=False))


BALANCE = "in = accepted + failed"


def parsed(run: Loaded) -> ET.Element:
    """The document as a program reads it."""
    return ET.fromstring(junit(run).encode())  # noqa: S314 - of our own making


def test_every_threshold_is_a_case() -> None:
    """What nobody asked about loss is asked all the same, and what somebody did is not asked twice."""
    suite = parsed(invented.loaded())
    cases = [case.get("name") for case in suite.iter("testcase")]
    assert cases == ["e2e_ms:p99<250", "lost==0", "no event was doubled", BALANCE, "the generator kept its time"]
    assert [suite.get(count) for count in ("tests", "failures", "errors", "skipped")] == ["5", "0", "0", "0"]


def test_what_did_not_hold_is_a_failure_with_its_figure() -> None:
    """Measured or not; a loss that nobody counted is skipped, and a late generator is an error."""
    run = invented.loaded(thresholds=BROKEN, lost=None, doubled=3, ticks=1_000, late_starts=20)
    suite = parsed(run)
    failures = [each.get("message") for each in suite.iter("failure")]
    assert failures == [
        "e2e_ms:p99<100: measured 104",
        "lag:max<9: nothing of the kind was measured",
        "3 events were doubled",
    ]
    assert [suite.get(count) for count in ("tests", "failures", "errors", "skipped")] == ["6", "3", "1", "1"]


def test_a_run_that_does_not_add_up_is_a_failure_and_an_uncounted_one_is_skipped() -> None:
    """81,000 in, 80,990 accepted, 4 failed: six are nowhere."""
    (failure,) = parsed(invented.loaded(accepted=80_990, failed=4)).iter("failure")
    assert failure.get("message") == "it does not add up: 81000 in, 80990 accepted, 4 failed"
    (skipped,) = parsed(invented.loaded(came=None)).iter("skipped")
    assert skipped.get("message") == "nobody counted"


def test_it_has_only_what_the_schema_has() -> None:
    """Properties before cases, no unknown element, no unknown attribute, none left out."""
    suite = parsed(invented.loaded(thresholds=BROKEN, lost=None, late_starts=900_000))
    assert {each.tag: set(each.keys()) for each in suite.iter()} == KNOWN
    assert [child.tag for child in suite][:2] == ["properties", "testcase"]


def test_a_name_from_outside_stays_text() -> None:
    """Tags are escaped, and characters that XML cannot hold at all are replaced."""
    run = invented.loaded(target=f"{invented.NASTY}\x00\x1b", family="F2")
    found = {each.get("name"): each.get("value") for each in parsed(run).iter("property")}
    assert found["target"] == f"{invented.NASTY}\ufffd\ufffd"
    assert found["version.whitewater"] == "0.1.0"
