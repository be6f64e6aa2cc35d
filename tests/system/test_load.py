"""`whitewater load` as a person runs it: a stack comes up, a part of it is killed, and nothing is lost."""

from pathlib import Path
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

from load.timeline import Loaded
from tests.system.command import of_this_home, run

pytestmark = pytest.mark.system

FILES = {"report.html", "summary.json", "junit.xml", "accept.hlog", "signal.hlog", "adaptation.hlog"}


def test_a_worker_killed_under_load_loses_nothing_and_a_broken_threshold_is_told(tmp_path: Path) -> None:
    """Six seconds, ten players; the worker is killed after two and comes back, and 1 ms is too much to ask."""
    out = tmp_path / "results"
    words = ["load", "--to", "10", "--for", "6s", "--kill", "worker@2s", "--out", str(out)]
    said = run(
        tmp_path, *words, "--threshold", "lost==0", "--threshold", "signal_ms:p99<1", "--threshold", "doubled==0"
    )
    loaded = msgspec.json.decode((out / "summary.json").read_bytes(), type=Loaded)
    # On a machine that is busy with other tests the generator itself is late, and then that is what is said.
    assert said.returncode == (4 if loaded.saturated else 99), said.stdout + said.stderr
    assert (loaded.lost, loaded.doubled, loaded.unaccounted) == (0, 0, 0)
    assert loaded.offered == loaded.sent == loaded.acked == sum(moment.acked for moment in loaded.moments) > 50
    assert [judged.holds for judged in loaded.thresholds] == [True, False, True]
    (fault,) = loaded.faults
    assert fault.part == "worker"
    assert fault.at_s >= 2.0
    assert fault.back_s is not None
    # A commit may come between the last look and the one that finds it drained.
    assert (loaded.moments[-1].lag or 0) < max(moment.lag or 0 for moment in loaded.moments)
    assert {"bots", "kafka", "redis", "worker", "api"} <= {part for moment in loaded.moments for part in moment.cores}
    assert {file.name for file in out.iterdir()} == FILES
    assert {file.name for file in (tmp_path / "runs" / "latest").iterdir()} == FILES
    assert (out / "report.html").read_text().startswith("<!DOCTYPE html>")
    assert {case.get("name") for case in ET.parse(out / "junit.xml").iter("testcase")} >= {"lost==0", "signal_ms:p99<1"}  # noqa: S314 - written by us
    log = HistogramLogReader(str(out / "accept.hlog"), HdrHistogram(1, 3_600_000_000, 3))
    total = 0
    while (second := log.get_next_interval_histogram()) is not None:
        total += second.get_total_count()
    log.close()
    assert total == loaded.acked
    assert "✗" in said.stdout
    assert "signal_ms:p99<1" in said.stdout
    assert not of_this_home(tmp_path)
