"""Bots are imperfect in the ways that people are, and keep what they are like to themselves."""

import random
from itertools import pairwise
from statistics import fmean, pvariance

import pytest
from msgspec.structs import replace

from bots.mind import PERSONAS, Persona
from bots.paddlers import (
    Paddler,
    form_at,
    held,
    imagine,
    reaction_s,
    read,
    recover,
    rehearse,
    sit_down,
    think,
)
from contract.events import Hint, StrokeMade
from game_client.world import BRAKE, FORWARD, LEFT, RIGHT, STEP_S, World, advance, begin


def average() -> Paddler:
    """A bot of average skill, in average form, without habits."""
    return Paddler(Persona(skill=0.0, spread=0.0), 0.0, form_at(0.0))


def clears(skill: float, difficulty: float, seed: int) -> bool:
    """Whether a bot of this skill clears a rapid of this difficulty."""
    dice = random.Random(seed)
    paddler, clock_s = sit_down(Persona(skill=skill, spread=0.0), dice), 0.0
    world, _ = begin(1, 1, difficulty, seed)
    while world.phase == "running":
        if clock_s >= paddler.wakes_at_s:
            paddler = think(paddler, world, clock_s, dice)
        world, _ = advance(world, held(paddler, clock_s), STEP_S, dice)
        clock_s += STEP_S
    return world.outcome == "cleared"


def share(skill: float, difficulty: float, rounds: int = 40) -> float:
    """The share of rapids cleared."""
    return sum(clears(skill, difficulty, seed) for seed in range(rounds)) / rounds


def test_a_more_skilled_bot_clears_more_rapids() -> None:
    """Two logits apart, on a river made for the average: 0.27 against 0.73 if a logit is a logit, give or take 0.1."""
    assert share(-1.0, 0.0) + 0.2 < share(1.0, 0.0)


def test_a_bot_clears_fewer_of_the_harder_rapids() -> None:
    """About 0.88 of those two logits below its skill and 0.12 of those two above, as a logistic curve says."""
    assert share(0.0, -2.0) > 0.7
    assert share(0.0, 2.0) < 0.3


def test_reaction_times_are_ex_gaussian() -> None:
    """Mean mu + tau = 280 ms; variance sigma^2 + tau^2 + timing^2 = 625 + 3600 + 1296 = 5521 ms^2, within 10 %."""
    dice = random.Random(3)
    times_ms = [reaction_s(dice) * 1000 for _ in range(20_000)]
    assert fmean(times_ms) == pytest.approx(280, abs=3)
    assert pvariance(times_ms) == pytest.approx(5521, rel=0.1)
    assert min(times_ms) >= 1000 / 7.7


def test_hands_act_one_reaction_time_after_the_eyes() -> None:
    """What is decided at the first look is done only from the second on."""
    world, _ = begin(1, 1, 0.0, 5)
    gate = world.rapid.gates[0]
    world = replace(world, kayak=replace(world.kayak, x=gate.x + 3.0, y=gate.y - 7.0))
    first = think(average(), world, 0.0, random.Random(1))
    assert all(held(first, step * STEP_S) == 0 for step in range(6))
    assert LEFT in {stroke & LEFT for stroke in first.next_plan}
    second = think(first, world, first.wakes_at_s, random.Random(1))
    assert second.plan == first.next_plan
    assert held(second, second.since_s) == first.next_plan[0]


@pytest.mark.parametrize("name", PERSONAS)
def test_no_hands_stroke_more_than_seven_point_seven_times_a_second(name: str) -> None:
    """In a whole round of any persona, strokes of one paddle side are never closer than 130 ms."""
    dice = random.Random(4)
    paddler, clock_s, at_s = sit_down(PERSONAS[name], dice), 0.0, list[float]()
    world, _ = begin(1, 1, 0.0, 4)
    while world.phase == "running":
        if clock_s >= paddler.wakes_at_s:
            paddler = think(paddler, world, clock_s, dice)
        world, happened = advance(world, held(paddler, clock_s), STEP_S, dice)
        clock_s += STEP_S
        at_s += [clock_s for fact in happened if isinstance(fact, StrokeMade) and fact.action == "left"]
    assert len(at_s) / clock_s <= 7.7


def test_a_rehearsed_plan_never_strokes_twice_within_130_ms() -> None:
    """A new stroke comes at least two beats of 67 ms after the last."""
    for seed in range(30):
        world, _ = begin(1, 1, 1.0, seed)
        world = replace(world, kayak=replace(world.kayak, x=random.Random(seed).uniform(-5, 5), y=40.0))
        plan = (0, *rehearse(world))
        strokes = [beat for beat, (before, now) in enumerate(pairwise(plan)) if now & ~before]
        assert all(later - earlier >= 2 for earlier, later in pairwise(strokes))


def test_a_bot_sees_no_further_than_it_looks() -> None:
    """Rocks and gates beyond its look-ahead are not in its imagination."""
    paddler = average()
    world, _ = begin(1, 1, 1.0, 3)
    far = world.kayak.y + paddler.form.look_ahead_m
    imagined = imagine(paddler, world, random.Random(1))
    assert all(rock.y < far for rock in imagined.ahead)
    assert any(rock.y >= far for rock in world.ahead)
    assert world.rapid.gates[0].y > far
    assert imagined.next_gate == len(world.rapid.gates)


def test_a_lapse_is_a_look_without_a_stroke() -> None:
    """A bot that always lapses never touches the paddle."""
    paddler = average()
    paddler = replace(paddler, form=replace(paddler.form, lapse=1.0))
    world, _ = begin(1, 1, 0.0, 3)
    for look in range(20):
        paddler = think(paddler, world, look * 0.3, random.Random(look))
        assert held(paddler, look * 0.3) == 0


def test_the_hasty_stroke_more_than_anybody_asked_for() -> None:
    """Fidgeting adds strokes: the same eyes, more of them (hands cannot do much more)."""
    calm, hasty = strokes(PERSONAS["hasty"], 0.0), strokes(PERSONAS["hasty"], 0.4)
    assert hasty > 1.1 * calm


def strokes(persona: Persona, fidget: float) -> int:
    """Strokes in some rounds by a persona that fidgets so much."""
    made = 0
    for seed in range(5):
        dice = random.Random(seed)
        paddler, clock_s = sit_down(replace(persona, fidget=fidget), dice), 0.0
        world, _ = begin(1, 1, -1.0, seed)
        while clock_s < 15.0:
            if clock_s >= paddler.wakes_at_s:
                paddler = think(paddler, world, clock_s, dice)
            world, happened = advance(world, held(paddler, clock_s), STEP_S, dice)
            made += sum(isinstance(fact, StrokeMade) for fact in happened)
            clock_s += STEP_S
    return made


def test_the_idler_pauses_and_dreams_and_comes_back() -> None:
    """In ten minutes of looks it does all three, and its hands are still while it is away."""
    world, _ = begin(1, 1, -1.0, 3)
    dice, seen, clock_s = random.Random(2), set[str](), 0.0
    paddler = sit_down(PERSONAS["idler"], dice)
    while clock_s < 600:
        paddler = think(paddler, world, clock_s, dice)
        seen.add(paddler.doing)
        assert paddler.doing == "paddling" or held(paddler, clock_s) == 0
        clock_s = paddler.wakes_at_s
    assert seen == {"paddling", "dreaming", "paused"}


def test_most_follow_a_hint_and_one_in_ten_waves_it_away() -> None:
    """Of 4000 readers 60 % and 10 %, give or take 1.5; the rest let it be."""
    read_by = [read(average(), "brake_early", random.Random(seed)).heeds for seed in range(4000)]
    assert read_by.count("follows") / 4000 == pytest.approx(0.6, abs=0.025)
    assert read_by.count("waves away") / 4000 == pytest.approx(0.1, abs=0.015)


@pytest.mark.parametrize(("hint", "stroke", "never"), [("brake_early", BRAKE, FORWARD),
                                                       ("stay_in_the_current", FORWARD, BRAKE)])  # fmt: skip
def test_who_follows_a_hint_does_it_with_its_hands(hint: Hint, stroke: int, never: int) -> None:
    """Every beat of its plans has the stroke, none the opposite; the same bot without the hint has beats without."""
    world, _ = begin(1, 1, 0.0, 3)
    world = replace(world, kayak=replace(world.kayak, y=30.0))
    told = replace(average(), hint=hint, heeds="follows")
    plans = [think(told, replace(world, hint=hint), 0.0, random.Random(seed)).next_plan for seed in range(40)]
    beats = [beat for plan in plans for beat in plan]
    assert all(beat & stroke and not beat & never for beat in beats)
    free = [beat for seed in range(40) for beat in think(average(), world, 0.0, random.Random(seed)).next_plan]
    assert not all(beat & stroke for beat in free)


def test_who_is_told_to_look_ahead_does_until_the_round_is_over() -> None:
    """7 m become 9.1 m; with the round a new form comes."""
    told = next(
        paddler
        for seed in range(20)
        if (paddler := read(average(), "look_ahead", random.Random(seed))).heeds == "follows"
    )
    assert told.form.look_ahead_m == pytest.approx(1.3 * average().form.look_ahead_m)
    assert recover(told, 0.0, random.Random(1)).form != told.form


def test_a_hint_that_is_gone_is_forgotten() -> None:
    """And the next of its kind is read anew."""
    world, _ = begin(1, 1, 0.0, 3)
    told = replace(average(), hint="brake_early", heeds="follows")
    after = think(told, world, 0.0, random.Random(1))
    assert (after.hint, after.heeds) == (None, "ignores")


def test_form_varies_around_the_skill_that_a_player_has_now() -> None:
    """A player who has learned two logits is in better form on average: its eyes blur less."""
    dice = random.Random(1)
    before = fmean(recover(average(), 0.0, dice).form.blur_m for _ in range(500))
    later = fmean(recover(average(), 2.0, dice).form.blur_m for _ in range(500))
    assert recover(average(), 2.0, dice).skill == 2.0
    assert later < 0.6 * before


def test_the_same_seed_is_the_same_bot() -> None:
    """Latents and play come from the bot's own dice and from nothing else."""
    assert sit_down(PERSONAS["novice"], random.Random(9)) == sit_down(PERSONAS["novice"], random.Random(9))
    assert clears(0.0, 0.0, 11) == clears(0.0, 0.0, 11)


def test_hands_know_only_the_four_strokes() -> None:
    """Whatever a plan says can be held: a sum of the four bits."""
    world: World = begin(1, 1, 1.0, 3)[0]
    assert all(0 <= stroke <= LEFT + RIGHT + FORWARD + 8 for stroke in rehearse(world))
