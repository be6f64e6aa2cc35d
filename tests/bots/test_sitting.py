"""One bot's game, from sitting down to getting up."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import exp, inf

import pytest
from msgspec.structs import replace

from bots.churn import Family, Patience, Round
from bots.mind import Latents, Life
from bots.sitting import Facts, Sitting, come_back, get_up, hear, move_on, take_a_seat
from contract.adaptations import Adaptation
from contract.envelope import Cause
from contract.events import (
    HintDismissed,
    PlayPaused,
    PlayResumed,
    RapidFinished,
    RapidStarted,
    SessionEnded,
    SessionHeartbeat,
    SessionStarted,
    StrokeMade,
)
from producers.outbox import Outbox

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def player(skill: float, persona: str = "expert", *, sitting_rounds: float = inf) -> Life:
    """Somebody who neither learns nor tires."""
    return Life(Latents(skill, persona, gain=0.0, pace=30.0, tiring=0.0), sitting_rounds)


def on(sitting: Sitting, facts: Facts, seconds: float, dice: random.Random, family: Family) -> tuple[Sitting, Facts]:
    """The sitting so much later, or when its bot has left, and all that happened."""
    for _ in range(round(seconds * 30)):
        if sitting.gone:
            break
        sitting, happened = move_on(sitting, dice, Outbox(waiting=3, spooled=4, dropped=5), family)
        facts += happened
    return sitting, facts


def sat_for(seconds: float, life: Life, family: Family | None = None, seed: int = 1) -> tuple[Sitting, Facts]:
    """A bot that has played so long, or has left, and all that happened."""
    dice = random.Random(seed)
    return on(*take_a_seat(life, dice), seconds, dice, family or Patience(None))


def with_habits(sitting: Sitting, **habits: float) -> Sitting:
    """The same bot with other habits."""
    persona = replace(sitting.paddler.persona, **habits)
    return replace(sitting, paddler=replace(sitting.paddler, persona=persona))


def test_a_sitting_begins_with_the_session_and_then_a_rapid() -> None:
    """Whoever reads the stream learns who sits there before what they do."""
    _, facts = sat_for(0.0, player(1.5))
    assert [type(fact) for fact in facts] == [SessionStarted, RapidStarted]


def test_a_heartbeat_comes_every_five_seconds_paused_or_not_and_tells_what_waits() -> None:
    """32 s of a bot that is paused nearly always: beats at 5, 10, ... 30."""
    dice = random.Random(1)
    sitting, facts = take_a_seat(player(0.0, "idler"), dice)
    _, facts = on(with_habits(sitting, pause=0.9, dream=0.0), facts, 32.0, dice, Patience(None))
    beats = [fact for fact in facts if isinstance(fact, SessionHeartbeat)]
    assert len(beats) == 6
    assert {(beat.waiting, beat.dropped) for beat in beats} == {(7, 5)}
    assert False in {beat.focus for beat in beats}


def test_a_paused_bot_stops_the_river_and_not_its_own_clock() -> None:
    """Pauses and resumes alternate, and nothing is stroked between them."""
    dice = random.Random(1)
    sitting, facts = take_a_seat(player(0.0, "idler"), dice)
    sitting, facts = on(with_habits(sitting, pause=0.2, dream=0.0), facts, 60.0, dice, Patience(None))
    turns = [type(fact) for fact in facts if isinstance(fact, PlayPaused | PlayResumed)]
    assert turns[:4] == [PlayPaused, PlayResumed, PlayPaused, PlayResumed]
    assert sitting.active_s < 45.0 < sitting.clock_s
    paused = False
    for fact in facts:
        paused = isinstance(fact, PlayPaused) or (paused and not isinstance(fact, PlayResumed))
        assert not (paused and isinstance(fact, StrokeMade))


def test_rounds_follow_one_another_and_are_counted() -> None:
    """Two minutes of an expert: every started rapid but the last is finished, and the next one follows."""
    sitting, facts = sat_for(120.0, player(1.5))
    rounds = [fact for fact in facts if isinstance(fact, RapidStarted | RapidFinished)]
    assert sitting.life.rounds == sum(isinstance(fact, RapidFinished) for fact in rounds) >= 3
    assert all(type(one) is not type(other) for one, other in pairwise(rounds))


def test_the_quitter_leaves_by_itself_after_three_lost_rounds() -> None:
    """One who can do nothing at all is gone within two minutes, with its session ended as quit."""
    sitting, facts = sat_for(120.0, player(-6.0, "quitter"), Patience(3))
    assert sitting.gone
    ended = facts[-1]
    assert isinstance(ended, SessionEnded)
    assert (ended.reason, ended.rapids) == ("quit", 3)


def test_getting_up_in_the_middle_of_a_round_abandons_it() -> None:
    """The round is finished as abandoned, counted, and the session ended after it."""
    sitting, _ = sat_for(5.0, player(1.5))
    up, facts = get_up(sitting, "timeout")
    finished, ended = facts
    assert isinstance(finished, RapidFinished)
    assert finished.outcome == "abandoned"
    assert isinstance(ended, SessionEnded)
    assert (up.gone, up.life.rounds, ended.rapids) == (True, 1, 1)


class Diary:
    """A family that writes down what it is told, and leaves as often as it is told to."""

    def __init__(self, chance: float = 0.0) -> None:
        self.rounds: list[Round] = []
        self.chance = chance

    def leaves(self, played: Round, /) -> float:
        """The chance it was made with."""
        self.rounds.append(played)
        return self.chance


def test_a_family_is_told_each_round_as_its_player_lived_it() -> None:
    """Against the facts of the same rounds; a player of skill 0 clears difficulty d with chance 1 / (1 + exp(d))."""
    diary = Diary()
    _, facts = sat_for(150.0, player(0.0), diary)
    ended = [fact for fact in facts if isinstance(fact, RapidFinished)]
    assert len(diary.rounds) == len(ended) >= 4
    history, played_s = "", 0.0
    for number, (told, fact) in enumerate(zip(diary.rounds, ended, strict=True), 1):
        history += "W" if fact.outcome == "cleared" else "L"
        played_s += fact.active_s
        assert (told.number, told.session_rounds, told.history) == (number, number, history)
        assert (told.rapid, told.attempt, told.difficulty) == (fact.rapid, fact.attempt, fact.difficulty)
        assert (told.cleared, told.active_s) == (fact.outcome == "cleared", pytest.approx(fact.active_s, abs=1e-3))
        assert told.chance == pytest.approx(1 / (1 + exp(fact.difficulty)))
        assert told.played_s == pytest.approx(played_s, abs=0.01)


def test_who_has_had_enough_looks_at_the_end_of_the_round_and_leaves() -> None:
    """One round, one ended session, and nothing says that it was for good."""
    sitting, facts = sat_for(120.0, player(-6.0), Diary(1.0))
    assert (sitting.gone, sitting.mood, sitting.life.rounds) == (True, "has had enough", 1)
    assert isinstance(facts[-1], SessionEnded)
    assert facts[-1].reason == "quit"


def test_a_player_who_rested_goes_on_where_it_left_off() -> None:
    """A sitting of one round on average is one of one round; the next names it, tries the same rapid, and is fresh."""
    resting, facts = sat_for(120.0, player(-6.0, sitting_rounds=1.0))
    assert (resting.gone, resting.mood, resting.life.session_rounds) == (True, "has a rest", 1)
    assert isinstance(facts[-1], SessionEnded)
    back, facts = come_back(resting, "s-before", random.Random(2))
    started, rapid = facts
    assert isinstance(started, SessionStarted)
    assert isinstance(rapid, RapidStarted)
    assert (started.previous_session, rapid.rapid, rapid.attempt) == ("s-before", 1, 2)
    assert (back.life.rounds, back.life.session_rounds, back.gone, back.clock_s) == (1, 0, False, 0.0)


def test_a_round_teaches_and_a_sitting_tires() -> None:
    """All of a gain of 2 logits is learned at once by one with a pace of 0.01 rounds; each round costs 0.1."""
    quick = Life(Latents(-6.0, "expert", gain=2.0, pace=0.01, tiring=0.1))
    sitting, _ = sat_for(60.0, quick)
    assert sitting.life.rounds >= 2
    assert sitting.paddler.skill == pytest.approx(-4.0 - 0.1 * sitting.life.rounds)


def test_a_hint_that_is_waved_away_is_gone_and_told() -> None:
    """By one who has made up its mind so, at its next look."""
    dice = random.Random(1)
    sitting, _ = take_a_seat(player(0.0), dice)
    goal = Adaptation(
        revision=3, difficulty=0.0, grade="III", pace=1.0, because="", evidence={}, policy="P2", arm="adaptive",
        hint="brake_early", expires=NOON + timedelta(hours=1), cause=Cause("s", 1, NOON),
    )  # fmt: skip
    sitting, _ = hear(sitting, goal, NOON)
    decided = replace(sitting.paddler, hint="brake_early", heeds="waves away")
    sitting, facts = move_on(replace(sitting, paddler=decided), dice, Outbox(), Patience(None))
    assert facts[0] == HintDismissed("brake_early", 3)
    assert sitting.world.hint is None
