"""Whatever the wires do to what travels on them, nobody is harmed by it: not by repeats, delay, disorder or loss."""

import random
from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from contract.codec import encode
from contract.events import AdaptationRejected
from processors.player import Player, signals
from processors.state import read
from tests.story.bot_hands import BotsHands
from tests.story.river_loop import Game, Watchers, heard, nobody


def played(persona: str, rounds: int = 4, *, player: str = "ada", watchers: Watchers | None = None) -> Game:
    """A game of some rounds by a bot's hands."""
    game = Game(player, BotsHands(persona, 7), watchers or Watchers())
    for _ in range(rounds):
        game.round()
    return game


def believed(log: Iterable[bytes]) -> Player:
    """What the state holds about the one player of this log, after hearing it."""
    [(_, snapshot)] = heard(log).partition.snapshots()
    return read(snapshot)


def decided(watchers: Watchers) -> list[bytes]:
    """Every decision, as bytes."""
    return [encode(goal) for goal in watchers.goals]


def test_the_same_log_gives_the_same_decisions() -> None:
    """Replayed from its bytes, a session leads to the very goals that were decided while it was played."""
    game = played("novice")
    assert len(decided(game.watchers)) >= 4
    assert decided(heard(game.log)) == decided(game.watchers)


def test_nobody_elses_river_changes() -> None:
    """A struggling neighbour on the same stream leaves no trace in an expert's game, nor the other way round."""
    alone = [played("expert", player="eve"), played("novice", player="nat")]
    watchers = Watchers()
    together = [played("expert", player="eve", watchers=watchers), played("novice", player="nat", watchers=watchers)]
    for one, other in zip(alone, together, strict=True):
        assert one.log == other.log
        assert decided(one.watchers) == [encode(goal) for goal in watchers.goals if goal.subject == one.player]


def test_a_player_who_is_told_anothers_goal_by_mistake_would_be_noticed() -> None:
    """The story's own check that a goal comes to the player it is for; without it the story above could not fail."""
    game = played("novice", 1)
    stranger = encode(replace(game.watchers.goals[-1], subject="somebody-else"))
    with pytest.raises(AssertionError):
        game.take(stranger)


def test_a_river_that_hears_every_goal_three_times_is_the_river_that_hears_it_once() -> None:
    """A repeat changes nothing and is not even answered."""
    once = played("novice")
    thrice = Game("ada", BotsHands("novice", 7), Watchers())
    thrice.goals_wire = lambda raw: [raw, raw, raw]
    for _ in range(4):
        thrice.round()
    assert thrice.log == once.log


def test_a_belief_that_is_told_again_later_leads_to_no_second_goal() -> None:
    """Every belief comes three times, the last time after its successor; what is decided is what was decided."""
    once, watchers = played("novice"), Watchers()
    before: list[bytes] = []

    def again(raw: bytes) -> list[bytes]:
        before.append(raw)
        return [raw, raw, *before[-2:-1]]

    watchers.beliefs_wire = again
    assert played("novice", watchers=watchers).log == once.log
    assert decided(watchers) == decided(once.watchers)


def test_a_goal_that_comes_after_a_newer_one_is_refused_and_changes_nothing() -> None:
    """The highest revision wins, whenever it comes."""
    game = played("novice")
    first, world = encode(game.watchers.goals[0]), game.world
    game.take(first)
    assert game.world == world
    answer = game.facts[-1]
    assert isinstance(answer, AdaptationRejected)
    assert answer.revision == 1


def test_a_lost_goal_is_mended_by_the_next() -> None:
    """Every second goal never arrives; the last that did still rules."""
    game = Game("ada", nobody, Watchers())
    game.goals_wire = lambda raw: [raw] if len(game.watchers.goals) % 2 else []
    for _ in range(4):
        game.round()
    arrived = [goal.data for goal in game.watchers.goals[::2]]
    assert game.applied() == [goal.revision for goal in arrived]
    assert game.world.goal == arrived[-1]


def test_a_river_that_hears_nothing_is_the_designers() -> None:
    """Without a single goal the game plays on, by itself, as it was drawn."""
    game = Game("ada", nobody, Watchers())
    game.goals_wire = lambda _: []
    for _ in range(3):
        game.round()
    assert game.difficulties() == pytest.approx([-1.6] * 4)


def test_a_goal_that_comes_long_after_it_expired_is_not_taken() -> None:
    """A goal of an hour ago is for a player who was somebody else."""
    game = Game("ada", nobody, Watchers())
    kept: list[bytes] = []
    game.goals_wire = lambda raw: kept.append(raw) or []  # type: ignore[func-returns-value]
    game.round()
    game.now += timedelta(hours=1)
    world = game.world
    game.take(kept[-1])
    assert game.world == world


def repeated(log: list[bytes]) -> list[bytes]:
    """Every event one to five times."""
    dice = random.Random(5)
    return [raw for raw in log for _ in range(dice.randint(1, 5))]


def shuffled(log: list[bytes]) -> list[bytes]:
    """Out of order by up to 32 places."""
    dice = random.Random(6)
    places = {number: number + dice.uniform(0, 32) for number in range(len(log))}
    return [log[number] for number in sorted(places, key=places.__getitem__)]


def both(log: list[bytes]) -> list[bytes]:
    """Repeated, then out of order."""
    return shuffled(repeated(log))


@pytest.mark.parametrize("bent", [repeated, shuffled, both])
def test_a_repeated_or_shuffled_stream_changes_nothing_that_is_believed(
    bent: Callable[[list[bytes]], list[bytes]],
) -> None:
    """In the end the very same is believed and kept as after hearing each event once and in order."""
    game = played("hasty")
    straight, crooked = believed(game.log), believed(bent(game.log))
    assert signals(crooked) == signals(straight)
    assert crooked == straight


def test_a_repeated_stream_changes_nothing_that_is_decided() -> None:
    """A repeat is no new belief, so it leads to no new goal."""
    game = played("hasty")
    assert decided(heard(repeated(game.log))) == decided(game.watchers)
