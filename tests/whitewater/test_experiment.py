"""`whitewater experiment`: what was asked is checked before anything is played, and each fault is one sentence."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from contract.graph import Graph
from experiments.fit import ROW, Rows
from whitewater.__main__ import build
from whitewater.manners import FailedError
from whitewater.proof import Asked, plan_of

SMALL = ("--players", "12", "--seeds", "1", "--horizon", "3", "--burn-in", "2", "--processes", "1")
FAMILY = """
class Leaver:
    def __init__(self, dice):
        pass

    def leaves(self, played):
        return {answer}
"""


def say(words: Sequence[object]) -> str:
    """What `whitewater experiment` says to these words; a fault is an answer like others."""
    said = CliRunner().invoke(build(("experiment",)), ["experiment", *map(str, words)])
    if isinstance(said.exception, FailedError):
        return f"{said.exception.code} {said.exception}"
    return f"{said.exit_code} {said.output}"


def log(folder: Path, family: str, rows: Rows) -> None:
    """A cell of which nothing but the cohort's log is left."""
    columns: dict[str, Any] = {"explore/log": rows}
    np.savez(folder / "cells" / f"{family}-0.npz", **columns)


def asked(*families: str) -> Asked:
    """An experiment with these families."""
    return Asked(families=families, policies=("P2", "P0", "P2"), players=5, seeds=1, horizon=3, burn_in=2)


def test_an_experiment_is_played_and_told_and_a_second_run_plays_nothing(tmp_path: Path) -> None:
    """The page and its neighbours are in the folder; the words begin with what did harm."""
    first = say(["run", *SMALL, "--family", "F2", "--policy", "P0", "--policy", "P2", "--out", tmp_path])
    assert first.startswith("0 ")
    assert "## Harm" in first
    assert {path.name for path in tmp_path.iterdir()} == {
        "plan.json", "cells", "results.json", "figure.svg", "report.html", "words.md",
    }  # fmt: skip
    again = say(["run", *SMALL, "--family", "F2", "--policy", "P0", "--policy", "P2", "--out", tmp_path])
    assert "every cell was there already" in again
    assert "2 The folder" not in again
    other = say(["run", *SMALL, "--family", "F7", "--policy", "P0", "--policy", "P2", "--out", tmp_path])
    assert (
        other == f"2 {tmp_path} holds an experiment with other families: name another folder with --out, or delete it."
    )


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--policy", "P9"], "2 There is no policy 'P9' to play: there are P0, P1, P2, P3, P4."),
        (["--policy", "explore"], "2 There is no policy 'explore' to play: there are P0, P1, P2, P3, P4."),
        (["--policy", "P2"], "2 Without P0, the designer's river, there is nothing to hold the others against"),
        (["--family", "F9"], "2 Nobody knows the family 'F9': there are F1, F2, F7, or FILE.py:Name."),
        (["--family", "none.py:Mine"], "2 There is no file none.py: a family from outside is FILE.py:Name."),
        (["--out", "/dev/null/here"], "3 The experiment cannot be kept in /dev/null/here (Not a directory)"),
    ],
)
def test_what_cannot_be_played_is_one_sentence(words: list[str], answer: str) -> None:
    """Said before anything is played, with the code for usage; for a folder the one for what is not to be had."""
    said = say(["run", *SMALL, *words])
    assert said.startswith(answer)
    assert "\n" not in said


@pytest.mark.parametrize("option", ["--players", "--seeds", "--horizon", "--processes"])
def test_less_than_one_of_anything_is_a_usage_fault(option: str) -> None:
    """The option is named, and what it may be."""
    said = say(["run", option, "0"])
    assert said.startswith("2 ")
    assert option in said
    assert "greater than or equal to 1" in said


def test_a_family_from_outside_is_called_by_its_class(tmp_path: Path) -> None:
    """The plan keeps where it is and what was in the file: with another text it is another experiment."""
    file = tmp_path / "mine.py"
    file.write_text(FAMILY.format(answer=0.1))
    plan = plan_of(asked("F2", f"{file}:Leaver"))
    assert plan.families == {"F2": "F2", "Leaver": f"{file}:Leaver"}
    assert plan.policies == ("P0", "P2")
    file.write_text(FAMILY.format(answer=0.2))
    assert plan_of(asked("F2", f"{file}:Leaver")).sources != plan.sources


def test_two_families_of_one_name_are_refused(tmp_path: Path) -> None:
    """Their cells would be each other's."""
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.py").write_text(FAMILY.format(answer=0.1))
    with pytest.raises(FailedError, match="Two families are called 'Leaver': give the class in"):
        plan_of(asked(f"{tmp_path}/a/mine.py:Leaver", f"{tmp_path}/b/mine.py:Leaver"))


def test_a_report_of_nothing_is_one_sentence(tmp_path: Path) -> None:
    """Where nothing was played."""
    assert say(["report", tmp_path]).startswith("2 There is no report: no cells in")


def test_a_fit_of_nothing_is_one_sentence(tmp_path: Path) -> None:
    """The way to a cohort is told."""
    said = say(["fit", "--cells", tmp_path, "--out", tmp_path / "graph.json"])
    assert said.startswith(f"2 No exploration cohort played in {tmp_path}: run `whitewater experiment run --policy P3")


def test_a_fit_of_too_few_publishes_nothing(tmp_path: Path) -> None:
    """A dozen players an arm leave a cohort of a few; nothing is written."""
    say(["run", *SMALL, "--family", "F2", "--policy", "P0", "--policy", "P3", "--out", tmp_path])
    graph = tmp_path / "graph.json"
    said = say(["fit", "--cells", tmp_path, "--out", graph])
    assert said.startswith("99 Nothing is published. ")
    assert not graph.exists()


def test_a_graph_that_foretells_is_published_with_its_fit(tmp_path: Path) -> None:
    """Two cohorts, of whom one in three leaves after a loss and hardly anybody else: the river should be easy."""
    dice = np.random.default_rng(1)
    (tmp_path / "cells").mkdir()
    for family in ("F2", "Mine"):
        rows = np.zeros(3_000, ROW)
        rows["player"], rows["attempt"], rows["success"] = np.arange(3_000) // 5, 1, 0.5
        rows["cleared"] = dice.random(3_000) < 0.5
        rows["left"] = dice.random(3_000) < np.where(rows["cleared"], 0.02, 0.33)
        log(tmp_path, family, rows)
    said = say(["fit", "--cells", tmp_path, "--out", tmp_path / "graph.json"])
    published = msgspec.json.decode((tmp_path / "graph.json").read_bytes(), type=Graph)
    assert said.startswith("0 ")
    assert " cleared " in said
    assert (published.fit.players, published.fit.rounds) == (1_200, 6_000)
    assert 0.8 <= published.fit.slope <= 1.25
    assert set(published.wanted) == {0.92}


def test_a_graph_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """No such folder."""
    (tmp_path / "cells").mkdir()
    rows = np.zeros(2_000, ROW)
    rows["player"] = np.arange(2_000)
    rows["cleared"] = np.arange(2_000) % 2
    rows["left"] = np.random.default_rng(2).random(2_000) < np.where(rows["cleared"], 0.1, 0.6)
    log(tmp_path, "F2", rows)
    said = say(["fit", "--cells", tmp_path, "--out", tmp_path / "none" / "graph.json"])
    assert said.startswith(f"3 The graph cannot be written to {tmp_path}/none/graph.json (No such file or directory)")
