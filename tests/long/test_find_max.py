"""find-max on a real stack: it grows, it ends, it confirms, and it says how."""

from pathlib import Path

import msgspec
import pytest

from load.timeline import Loaded
from tests.system.command import of_this_home, run

pytestmark = pytest.mark.system


def test_a_search_ends_at_the_most_that_holds_or_at_who_gave_first(tmp_path: Path) -> None:
    """From 5 to 20 players, ten seconds a try, and nothing asked but that no event is lost or doubled."""
    said = run(tmp_path, "load", "--profile", "find-max", "--from", "5", "--to", "20", "--for", "10s", within_s=600)
    loaded = msgspec.json.decode((tmp_path / "runs" / "latest" / "summary.json").read_bytes(), type=Loaded)
    assert loaded.tries[0].players == 5
    assert {one.why.partition(" (")[0] for one in loaded.tries} <= {"everything held", "the generator"}
    assert len(loaded.moments) >= 10 * len(loaded.tries)
    assert [moment.at_s for moment in loaded.moments] == sorted(moment.at_s for moment in loaded.moments)
    if all(one.holds for one in loaded.tries):
        assert [one.players for one in loaded.tries] == [5, 10, 20, 20]
        assert loaded.highest == loaded.tries[-1]
        assert said.returncode == 0
        assert "The highest that held: 20 players" in said.stdout
    else:  # a machine that is busy with others: then it says that it was not the stack
        assert loaded.highest is None or loaded.highest.players < 20
        assert "the generator gave first" in said.stdout
    assert not of_this_home(tmp_path)
