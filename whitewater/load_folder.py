"""What a load run leaves behind: the report, the summary, JUnit's XML and every second's histograms."""

import shutil
from pathlib import Path
from typing import Any

import msgspec

from load import hlog
from load.junit import junit
from load.page import page
from load.plan import Ran
from load.timeline import Loaded
from whitewater import say
from whitewater.manners import USAGE, FailedError


def as_json(loaded: Loaded) -> dict[str, Any]:
    """The run for a program."""
    return dict(msgspec.to_builtins(loaded))


def write(folder: Path, ran: Ran, began_s: float) -> None:
    """Writes all of it into `folder`; `began_s` is Unix time."""
    say.write(folder / "summary.json", as_json(ran.loaded))
    (folder / "junit.xml").write_text(junit(ran.loaded), encoding="utf-8")
    (folder / "report.html").write_text(page(ran.loaded), encoding="utf-8")
    hlog.write(folder, ran.latencies, began_s)


def ready(out: Path | None) -> None:
    """Makes the folder that was asked for, before anybody plays for it. Raises `FailedError`."""
    if out is None:
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        sentence = f"The results cannot be kept in {out} ({fault.strerror}): name another folder with --out."
        raise FailedError(sentence, USAGE) from fault


def copy(folder: Path, out: Path | None) -> Path:
    """Copies a whole run's folder to where it was asked for, and answers where it is. Raises `FailedError`."""
    if out is None:
        return folder
    try:
        shutil.copytree(folder, out, dirs_exist_ok=True)
    except OSError as fault:
        why = fault.strerror or "not every file"
        sentence = f"The results lie in {folder} and cannot be copied to {out} ({why}): make room there."
        raise FailedError(sentence) from fault
    return out
