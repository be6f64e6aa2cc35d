"""An experiment in a folder: what is done stays done, whatever ends it, and nothing else is let in."""

import errno
import json
import os
import signal
from pathlib import Path
from typing import IO

import msgspec
import numpy as np
import pytest

from bots.churn import BadFamilyError
from experiments.cells import Plan, assign, cells_of
from experiments.evidence import Meta, evidence
from experiments.fit import ROW
from experiments.folder import CannotRunError, OtherPlanError, logs, settle
from experiments.runner import InterruptedRunError, Job, Progress, deaf, run
from tests.experiments.players import Foretold, plan

PLAN = plan()
CHUNKS = [max(assign(cell, PLAN).values()) // 250 + 1 for cell in cells_of(PLAN)]
"""Chunks in each cell: about 300 players come in two."""


class Watch:
    """Remembers the newest progress."""

    def __init__(self) -> None:
        self.at = Progress()

    def __call__(self, at: Progress) -> None:
        """One step."""
        self.at = at


def written(out: Path) -> dict[str, int]:
    """Every file below `out`, and when it was last changed."""
    return {str(path.relative_to(out)): path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}


def test_every_cell_is_kept_as_those_read_it_who_judge(tmp_path: Path) -> None:
    """Two families and two seeds: four cells, each a page and its columns, and the plan beside them."""
    run(Job(tmp_path, PLAN, Foretold()), 1, Watch())
    cells = {f"cells/{cell.name}.{kind}" for cell in cells_of(PLAN) for kind in ("npz", "json")}
    assert set(written(tmp_path)) == {"plan.json", *cells}
    meta = msgspec.json.decode((tmp_path / "cells" / "F7-1.json").read_bytes(), type=Meta)
    with np.load(tmp_path / "cells" / "F7-1.npz", allow_pickle=False) as columns:
        found = evidence(meta, columns)
    assert (meta.family, meta.seed, meta.policies, meta.horizon, meta.burn_in) == ("F7", 1, ("P0", "P2"), 30, 10)
    assert meta.arms["P2"].exposed == len(found.arms["P2"].rounds)
    assert found.personas[:2] == ("novice", "expert")
    assert {"python", "numpy", "whitewater"} <= set(meta.versions)


def test_a_second_run_plays_nothing_again(tmp_path: Path) -> None:
    """And touches no file."""
    run(Job(tmp_path, PLAN, Foretold()), 1, Watch())
    before, again, watch = written(tmp_path), Foretold(), Watch()
    run(Job(tmp_path, PLAN, again), 1, watch)
    assert again.asked == []
    assert written(tmp_path) == before
    assert watch.at == Progress(whole=4)


def test_ctrl_c_keeps_the_cells_that_are_whole(tmp_path: Path) -> None:
    """In the middle of the second: one is kept, nothing is there by half, and the next run makes the other three."""
    stopped = Foretold(stop_after=CHUNKS[0] + 1)
    with pytest.raises(InterruptedRunError, match="1 of 4 cells"):
        run(Job(tmp_path, PLAN, stopped), 1, Watch())
    assert set(written(tmp_path)) == {"plan.json", "cells/F2-0.json", "cells/F2-0.npz"}
    rest, watch = Foretold(), Watch()
    run(Job(tmp_path, PLAN, rest), 1, watch)
    assert len(rest.asked) == sum(CHUNKS[1:])
    assert watch.at.whole == 1
    assert settle(tmp_path, PLAN) == []


def test_ctrl_c_while_processes_start_is_heard_when_they_have() -> None:
    """It waits for the end of the start; ignored, it would be gone, and the run would play on."""
    started = []

    def start() -> None:
        with deaf():
            signal.raise_signal(signal.SIGINT)
            started.append("all of it")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert started == ["all of it"]


def test_columns_without_their_page_are_no_cell(tmp_path: Path) -> None:
    """The mains may fail between the two: the page is written last."""
    run(Job(tmp_path, PLAN, Foretold()), 1, Watch())
    (tmp_path / "cells" / "F7-0.json").unlink()
    assert [cell.name for cell in settle(tmp_path, PLAN)] == ["F7-0"]


@pytest.mark.parametrize(
    ("other", "differing"),
    [
        (plan(players=301), "players"),
        (plan(("P0", "P3")), "policies"),
        (msgspec.structs.replace(PLAN, horizon=20, burn_in=5), "horizon, burn_in"),
        (msgspec.structs.replace(PLAN, sources={"Mine": "1"}), "sources"),
    ],
)
def test_another_experiment_is_not_let_into_the_folder(tmp_path: Path, other: Plan, differing: str) -> None:
    """What differs is named, and what to do."""
    settle(tmp_path, PLAN)
    with pytest.raises(OtherPlanError, match=f"with other {differing}: name another folder with --out"):
        settle(tmp_path, other)


def test_a_plan_that_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    """Somebody's file may be called so."""
    (tmp_path / "plan.json").write_text("to do: milk")
    with pytest.raises(OtherPlanError, match=r"its plan\.json cannot be read"):
        settle(tmp_path, PLAN)
    assert (tmp_path / "plan.json").read_text() == "to do: milk"


def test_a_folder_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    """A file stands in its place."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(CannotRunError, match=r"taken/out \(Not a directory\): name another folder with --out"):
        settle(tmp_path / "taken" / "out", PLAN)


def test_a_family_that_is_none_ends_the_run_in_its_own_words(tmp_path: Path) -> None:
    """As the bots say it."""
    odd = msgspec.structs.replace(PLAN, families={"F9": "F9"})
    with pytest.raises(BadFamilyError, match="Nobody knows the family 'F9'"):
        run(Job(tmp_path, odd, Foretold()), 1, Watch())


def test_progress_counts_players_and_rounds(tmp_path: Path) -> None:
    """One round each in these lives."""
    watch = Watch()
    run(Job(tmp_path, PLAN, Foretold()), 1, watch)
    players = sum(max(assign(cell, PLAN).values()) for cell in cells_of(PLAN))
    assert watch.at == Progress(whole=0, players=players, rounds=players)


def test_the_logs_of_all_cells_are_one_log_of_different_players(tmp_path: Path) -> None:
    """The cohorts' numbers begin alike in every cell; pooled, nobody is two people."""
    exploring = plan(("P0", "P3"))
    run(Job(tmp_path, exploring, Foretold()), 1, Watch())
    rows = logs(tmp_path)
    assert rows.dtype == ROW
    assert len(rows) == sum(assign(cell, exploring)["explore"] for cell in cells_of(exploring))
    assert sorted(rows["player"].tolist()) == list(range(len(rows)))


def test_where_nobody_explored_there_is_no_log(tmp_path: Path) -> None:
    """And the way to one is told; a folder that is not there is no other case."""
    run(Job(tmp_path, PLAN, Foretold()), 1, Watch())
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(CannotRunError, match="No exploration cohort played in"):
            logs(folder)


def test_a_torn_log_is_a_sentence(tmp_path: Path) -> None:
    """Not numpy's."""
    (tmp_path / "cells").mkdir()
    (tmp_path / "cells" / "F2-0.npz").write_bytes(b"torn")
    with pytest.raises(CannotRunError, match=r"cannot be read .*: play them again"):
        logs(tmp_path)


def test_the_plan_can_be_read_by_people(tmp_path: Path) -> None:
    """Everything that was asked for, by name."""
    settle(tmp_path, PLAN)
    held = json.loads((tmp_path / "plan.json").read_text())
    assert held["players"] == 300
    assert held["policies"] == ["P0", "P2"]


def test_a_disk_that_is_full_is_a_sentence_and_leaves_no_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a file is nobody's: not the next run's, and not the report's."""

    def full(file: IO[bytes], **_columns: object) -> None:
        file.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(CannotRunError, match=r"F2-0 cannot be kept in .* \(No space left on device\): make room"):
        run(Job(tmp_path, PLAN, Foretold()), 1, Watch())
    assert not [*(tmp_path / "cells").glob("*.npz"), *(tmp_path / "cells").glob("*.json")]
    assert settle(tmp_path, PLAN) == cells_of(PLAN)
