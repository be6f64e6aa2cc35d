"""The river becomes what the player needs: easier for one who struggles, harder for one who is bored."""

from itertools import pairwise, product

import pytest

from contract.course import designed_difficulty
from contract.events import RapidStarted
from engagement_api.trial import HELD_OUT, branch_of, untried
from game_client.autopilot import steer
from game_client.world import World
from tests.story.river_loop import Game, Hands, Watchers, nobody

struggling: Hands = nobody
masterly: Hands = steer


def test_a_struggling_paddler_gets_an_easier_river_within_a_round() -> None:
    """Lost at -1.6; Kaernbach's step down is 0.10 * 0.75 / 0.25 = 0.30, so the very next round is at -1.9."""
    game = Game("ada", struggling, Watchers())
    assert game.round().outcome == "swamped"
    assert game.difficulties() == pytest.approx([-1.6, -1.9])
    assert "easier" in game.watchers.goals[-1].data.because


def test_a_paddler_who_goes_on_struggling_gets_an_ever_easier_river_until_the_sessions_bound() -> None:
    """0.30 a round and 0.80 a session: -1.6, -1.9, -2.2, -2.4, and no lower."""
    game = Game("ada", struggling, Watchers())
    for _ in range(5):
        game.round()
    assert game.difficulties() == pytest.approx([-1.6, -1.9, -2.2, -2.4, -2.4, -2.4])


def test_a_bored_paddler_gets_a_harder_river_than_the_designer_drew_within_a_round() -> None:
    """Cleared at -1.6; the designer's next is -1.38, and the step up is 0.10: -1.28."""
    game = Game("ada", masterly, Watchers())
    assert game.round().outcome == "cleared"
    assert game.difficulties() == pytest.approx([-1.6, -1.28])
    assert "harder" in game.watchers.goals[-1].data.because


def test_a_paddler_who_stays_bored_is_kept_above_the_designers_river_and_no_further_than_a_session_may() -> None:
    """Fourteen rapids cleared in a row: five steps of 0.10 up, then never below 0.25 nor above 0.80."""
    game = Game("ada", masterly, Watchers())
    for _ in range(14):
        game.round()
    above = offsets(game)
    assert above[:6] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert 0.25 < min(above[5:]) <= max(above[5:]) <= 0.8 + 1e-9


def test_the_difficulty_changes_between_rounds_and_never_within_one() -> None:
    """Whatever goals come while a rapid is paddled, it stays the rapid that it was."""
    seen: list[tuple[int, float]] = []

    def watching(world: World) -> int:
        if not seen or seen[-1] != (world.rapid.attempt, world.rapid.difficulty):
            seen.append((world.rapid.attempt, world.rapid.difficulty))
        return 0

    game = Game("ada", watching, Watchers())
    game.round()
    game.round()
    assert len(game.applied()) > 2
    assert seen == [(1, pytest.approx(-1.6)), (2, pytest.approx(-1.9))]


def test_a_river_never_swings_back_and_forth() -> None:
    """However six rounds end, four times over: no goal has the river go one way, back, and the same way again."""
    for outcomes in product((True, False), repeat=6):
        game = Game("ada", struggling, Watchers())
        for cleared in outcomes * 4:
            game.end_round(cleared=cleared)
        assert not swings(ways(game.difficulties()), ways(offsets(game))), outcomes


def test_a_held_out_player_keeps_the_designers_river() -> None:
    """One in twenty is not adapted to, so that adaptation can be measured; their pace and hints are everybody's."""
    name = next(name for number in range(1000) if branch_of(name := f"player-{number}", untried("P2")) == HELD_OUT)
    game = Game(name, struggling, Watchers())
    for _ in range(3):
        game.round()
    assert offsets(game) == pytest.approx([0.0] * 4)


def offsets(game: Game) -> list[float]:
    """How far each round's difficulty was from the designer's for that rapid, in logits."""
    return [fact.difficulty - designed_difficulty(fact.rapid) for fact in game.facts if isinstance(fact, RapidStarted)]


def ways(values: list[float]) -> list[int]:
    """Which way each value went from the one before: 1 up, -1 down, 0 neither."""
    return [(later - earlier > 1e-6) - (later - earlier < -1e-6) for earlier, later in pairwise(values)]


def swings(felt: list[int], asked: list[int]) -> int:
    """How often the river went one way, back and the same way again in three rounds, and was asked to each time.

    The designer's saw-tooth alone rises, rests and rises; that is felt, but nobody asked for it.
    """
    windows = zip(felt, felt[1:], felt[2:], asked, asked[1:], asked[2:], strict=False)
    return sum(window[:3] == window[3:] and window[0] == -window[1] == window[2] != 0 for window in windows)
