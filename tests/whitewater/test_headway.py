"""How far an experiment is: in cells, with the lived part of those under way."""

from io import StringIO

from rich.console import Console

from experiments.runner import Progress
from tests.experiments.players import plan
from whitewater.headway import Headway

PLAN = plan(players=100)
"""Two families and two seeds: four cells of about a hundred lives each."""


def test_half_a_cell_is_half_a_step() -> None:
    """One cell was there before, fifty players of another have lived: 1.5 of 4."""
    said = StringIO()
    with Headway(Console(file=said, force_terminal=True, width=100), PLAN) as headway:
        headway.tell(Progress(whole=1, players=50, rounds=900))
    assert "1.5 of 4 cells" in said.getvalue()
    assert "rounds a second" in said.getvalue()
    assert headway.at.rounds == 900


def test_more_players_than_were_expected_are_no_more_than_everything() -> None:
    """A hash deals a few more now and then."""
    said = StringIO()
    with Headway(Console(file=said, force_terminal=True, width=100), PLAN) as headway:
        headway.tell(Progress(whole=0, players=450, rounds=9_000))
    assert "4.0 of 4 cells" in said.getvalue()


def test_where_nobody_looks_no_bar_is_drawn() -> None:
    """A file gets a line every ten seconds, and these are none."""
    said = StringIO()
    with Headway(Console(file=said), PLAN) as headway:
        headway.tell(Progress(whole=0, players=50, rounds=900))
    assert said.getvalue() == ""
