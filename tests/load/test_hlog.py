"""Histogram logs on disk, read back by the reader that everybody else's tools use."""

from pathlib import Path

from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

from bots.report import DIGITS, LONGEST_US, Latency
from load import hlog


def latency(*milliseconds: float) -> Latency:
    """A second's latencies."""
    found = Latency()
    for each in milliseconds:
        found.record(each)
    return found


def test_every_second_is_read_back(tmp_path: Path) -> None:
    """With its beginning and end in Unix time, its count and its largest value; an empty second is there, too."""
    seconds = [(1.0, latency(5, 7)), (2.0, latency()), (3.0, latency(700))]
    paths = hlog.write(tmp_path, {"accept": seconds, "signal": []}, began_s=1_000.0)
    assert [path.name for path in paths] == ["accept.hlog", "signal.hlog"]
    log = HistogramLogReader(str(paths[0]), HdrHistogram(1, LONGEST_US, DIGITS))
    read = []
    while found := log.get_next_interval_histogram():
        at = found.get_start_time_stamp(), found.get_end_time_stamp()
        read.append((*at, found.get_total_count(), found.get_max_value() // 1000))
    log.close()
    assert read == [(1_000_000, 1_001_000, 2, 7), (1_001_000, 1_002_000, 0, 0), (1_002_000, 1_003_000, 1, 700)]


def test_a_log_says_what_it_holds(tmp_path: Path) -> None:
    """Unit, version, start and base in comments, then the legend; V2 histograms begin with HIST."""
    [path] = hlog.write(tmp_path, {"signal": [(1.5, latency(2))]}, began_s=1_000.0)
    lines = path.read_text(encoding="ascii").splitlines()
    assert lines[:5] == [
        "#[whitewater load: signal, in microseconds, one line a second]",
        "#[Histogram log format version 1.2]",
        "#[StartTime: 1000.000 (seconds since epoch)]",
        "#[BaseTime: 1000.000 (seconds since epoch)]",
        '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    ]
    assert lines[5].startswith("0.500000,1.000000,2.000000,HIST")
