"""Every second's histograms on disk, as the world's HdrHistogram tools read them: one log a stage, one line a second.

Values are microseconds, so the analyzers want a unit ratio of 1000 for milliseconds. It refuses to look into a
histogram. Strange: hdrh cannot write a start time itself (its method calls one that does not exist), so the two lines
about time are written as comments, which they are; and it takes an end of 0 s for "none", so none is ever 0.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from hdrh.log import HistogramLogWriter

from bots.report import Latency

US_PER_MS: Final = 1000.0
SECOND: Final = 1.0


def write(folder: Path, latencies: Mapping[str, Sequence[tuple[float, Latency]]], began_s: float) -> list[Path]:
    """Writes `<stage>.hlog` for every stage and answers where; `began_s` is when the run began, in Unix time.

    A latency's time is the end of its interval, in seconds since the run began; intervals follow each other.
    """
    written = []
    for stage, seconds in latencies.items():
        path = folder / f"{stage}.hlog"
        with path.open("w", encoding="ascii") as file:
            _write(HistogramLogWriter(file), stage, seconds, began_s)
        written.append(path)
    return written


def _write(log: HistogramLogWriter, stage: str, seconds: Sequence[tuple[float, Latency]], began_s: float) -> None:
    log.output_comment(f"[whitewater load: {stage}, in microseconds, one line a second]")
    log.output_log_format_version()
    log.output_comment(f"[StartTime: {began_s:.3f} (seconds since epoch)]")
    log.output_comment(f"[BaseTime: {began_s:.3f} (seconds since epoch)]")
    log.output_legend()
    before_s = max(seconds[0][0] - SECOND, 0.0) if seconds else 0.0
    for at_s, latency in seconds:
        latency.histogram.set_start_time_stamp(before_s * 1000)  # hdrh reads it where the interval begins at 0 s
        log.output_interval_histogram(latency.histogram, before_s, at_s, US_PER_MS)
        before_s = at_s
