"""When players leave: the published figures, found again in players who lived by them."""

import random
from itertools import pairwise
from math import log
from statistics import fmean, median

import pytest
from msgspec.structs import replace
from scipy.stats import gamma, lomax, weibull_min

from bots.churn import (
    AFTER,
    FAMILIES,
    BadFamilyError,
    Family,
    Indifferent,
    LastThree,
    Patience,
    Persistence,
    Round,
    ask,
)
from bots.families import a_life

FIRST = Round(1, 1, 1, cleared=True, difficulty=0.0, chance=0.5, active_s=25.0, played_s=25.0, history="W",
              session_rounds=1)  # fmt: skip


def after(history: str, **told: object) -> Round:
    """A round after which the outcomes are these."""
    return replace(FIRST, number=len(history), cleared=history[-1] == "W", history=history[-10:], **told)


@pytest.fixture(scope="module")
def hours() -> list[float]:
    """Hours that twelve thousand players of F1 play on a river on which they clear every round, of 25 s each.

    Their chance of leaving is then the same after every round, so a lifetime in rounds is geometric and is drawn so.
    """
    each = []
    for number in range(12_000):
        dice = random.Random(number)
        stays = 1.0 - Persistence(dice).leaves(FIRST)
        each.append((1 + int(log(dice.random()) / log(stays))) * 25.0 / 3600.0)
    return each


def test_boredom_alone_gives_the_published_playtime(hours: list[float]) -> None:
    """Gamma(1.58, 1.40 h) mixed is a Lomax: median 1.40 (2^(1/1.58) - 1) = 0.771 h, mean 1.40/0.58 = 2.41 h.

    The tail is so heavy that a sample's mean wanders; of the first ten hours it does not: the mean playtime up to there
    is 2.414 (1 - (1 + 10/1.40)^-0.58) = 2.414 (1 - 0.2963) = 1.699 h.
    """
    assert median(hours) == pytest.approx(0.771, rel=0.03)
    assert fmean(min(hour, 10.0) for hour in hours) == pytest.approx(1.699, rel=0.02)
    assert fmean(hours) == pytest.approx(2.41, rel=0.1)
    assert (lomax(1.58, scale=1.40).median(), lomax(1.58, scale=1.40).mean()) == pytest.approx((0.771, 2.414), rel=1e-3)


def test_a_population_of_bored_players_thins_out_ever_more_slowly(hours: list[float]) -> None:
    """S(t) = (1 + t/1.40)^-1.58 is .427, .246, .164 after 1, 2, 3 h: of those there, .573, .423, .335 leave an hour."""
    there = [sum(hour > start for hour in hours) for start in range(4)]
    leave = [1.0 - later / earlier for earlier, later in pairwise(there)]
    assert leave == pytest.approx([0.573, 0.423, 0.335], abs=0.015)


def test_boredom_grows_with_active_time_and_speaks_when_a_rapid_is_cleared() -> None:
    """Two lost rounds of 10 s and a cleared one of 30 s bore as one cleared round of 50 s does."""
    slow, quick = Persistence(random.Random(4)), Persistence(random.Random(4))
    for history in ("L", "LL"):
        assert slow.leaves(after(history, active_s=10.0)) < 1e-3
    assert slow.leaves(after("LLW", active_s=30.0)) == pytest.approx(quick.leaves(after("W", active_s=50.0)))


def test_attempts_beyond_what_a_player_bears_drive_it_away() -> None:
    """Persistence is N(10, 3.5) attempts, so one in two players is more likely than not to have left by the tenth."""
    gone = [Persistence(random.Random(seed)).leaves(after("L", attempt=10)) > 0.5 for seed in range(2000)]
    assert fmean(gone) == pytest.approx(0.5, abs=0.04)
    player = Persistence(random.Random(1))
    rising = [player.leaves(after("L", attempt=attempt)) for attempt in range(1, 30)]
    assert all(earlier < later for earlier, later in pairwise(rising))
    assert rising[-1] > 0.999


def test_the_third_loss_in_a_row_costs_about_what_was_published() -> None:
    """EOMM: 5.1 % leave after LLL and 3.7 % after WWW: 1.4 points for the losses; here as many of those still there.

    Four thousand players lose the same rapid again and again; standard error 0.2 points.
    """
    there = [(Persistence(random.Random(seed)), random.Random(f"luck/{seed}")) for seed in range(4000)]
    for attempt in (1, 2):
        lost = after("L" * attempt, attempt=attempt)
        there = [(player, dice) for player, dice in there if dice.random() >= player.leaves(lost)]
    third = fmean(player.leaves(after("LLL", attempt=3)) for player, _ in there)
    assert third == pytest.approx(0.014, abs=0.004)


def test_hazards_are_drawn_from_the_published_gamma() -> None:
    """Of 4000 players half are bored faster than its median, says scipy, and a tenth slower than its tenth."""
    of = gamma(1.58, scale=1 / 1.40)
    per_h = [-log(1.0 - Persistence(random.Random(seed)).leaves(FIRST)) * 3600.0 / 25.0 for seed in range(4000)]
    for share, below in zip((0.1, 0.5, 0.9), of.ppf((0.1, 0.5, 0.9)), strict=True):
        assert fmean(hazard < below for hazard in per_h) == pytest.approx(share, abs=0.025)


def test_the_last_three_outcomes_have_the_published_rows() -> None:
    """Chen et al. 2017: LLL 5.1, WWL 4.9, other losses last 4.65, WWW 3.7, a win last after a loss 2.65 %."""
    player = LastThree(random.Random(1))
    wanted = {"LLL": 5.1, "WWL": 4.9, "LWL": 4.65, "WLL": 4.65, "WWW": 3.7, "LLW": 2.65, "LWW": 2.65, "WLW": 2.65}
    assert {history: 100 * player.leaves(after("WLWL" + history)) for history in AFTER} == pytest.approx(wanted)
    few = [player.leaves(after(history)) for history in ("L", "W", "WL", "LW", "WW", "LL")]
    assert few == pytest.approx([0.0465, 0.0265, 0.0465, 0.0265, 0.0265, 0.0465])


def test_players_of_f2_leave_after_three_losses_nearly_twice_as_often_as_at_best() -> None:
    """5.1/2.65 = 1.92, found again by counting in 200,000 rounds that are cleared every second time."""
    dice, player = random.Random(2017), LastThree(random.Random(1))
    rounds = {row: after(row) for row in ("L", "W", "LL", "LW", "WL", "WW", *AFTER)}
    seen, left, history = dict.fromkeys(AFTER, 0), dict.fromkeys(AFTER, 0), ""
    for _ in range(200_000):
        history = history[-2:] + dice.choice("LW")
        gone = dice.random() < player.leaves(rounds[history])
        if len(history) == 3:
            seen[history] += 1
            left[history] += gone
        history = "" if gone else history
    best = ("LLW", "LWW", "WLW")
    rate = sum(left[row] for row in best) / sum(seen[row] for row in best)
    assert left["LLL"] / seen["LLL"] / rate == pytest.approx(1.92, abs=0.2)


def test_the_indifferent_live_by_weibull_and_by_nothing_else() -> None:
    """Shape 0.75 and scale 21 rounds: 21 Gamma(7/3) = 21 * 1.1906 = 25.0 rounds to live, more or less, says scipy."""
    player, there, rounds = Indifferent(random.Random(1)), 1.0, 0.0
    for number in range(1, 3000):
        rounds += there
        there *= 1.0 - player.leaves(replace(FIRST, number=number))
        if number in {1, 10, 100}:
            assert there == pytest.approx(weibull_min(0.75, scale=21.0).sf(number))
    assert weibull_min(0.75, scale=21.0).mean() == pytest.approx(25.0, abs=0.05)
    assert rounds == pytest.approx(25.5, abs=0.1)  # whole rounds: who leaves within one has still begun it


def test_nothing_but_the_number_of_rounds_matters_to_the_indifferent() -> None:
    """Every other word of the round may change; the answer does not."""
    for played in a_life(random.Random(3)):
        bare = replace(FIRST, number=played.number)
        assert Indifferent(random.Random(8)).leaves(played) == Indifferent(random.Random(9)).leaves(bare)


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_same_dice_and_rounds_give_the_same_answers(family: type[Family]) -> None:
    """Which is what lets an experiment send the same player down two rivers."""
    one, other = family(random.Random(6)), family(random.Random(6))
    life = list(a_life(random.Random(2)))
    assert [one.leaves(played) for played in life] == [other.leaves(played) for played in life]


def test_a_persona_leaves_after_so_many_losses_in_a_row_and_not_before() -> None:
    """Three for the quitter; a clearing starts the count anew, and None bears anything."""
    assert [Patience(3).leaves(after(history)) for history in ("LL", "LLWLL", "WLLL", "LLLL")] == [0.0, 0.0, 1.0, 1.0]
    assert Patience(None).leaves(after("L" * 10)) == 0.0


class Broken:
    """A family that answers what it was told to."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def leaves(self, played: Round, /) -> float:
        """Not what was promised."""
        if self.answer is KeyError:
            raise KeyError(played.rapid)
        return self.answer  # type: ignore[return-value] # a family from outside may answer anything


@pytest.mark.parametrize("answer", [1.5, -0.1, float("nan"), None, "no"])
def test_an_answer_that_is_no_chance_is_refused_with_the_round_it_was_given_in(answer: object) -> None:
    """The sentence shows the answer."""
    with pytest.raises(BadFamilyError, match=r"'Broken' answers .* after round 1; a chance is a number from 0 to 1"):
        ask(Broken(answer), FIRST)


def test_a_family_that_raises_is_named_with_what_it_raised() -> None:
    """One sentence, whatever it was."""
    with pytest.raises(BadFamilyError, match=r"'Broken' fails in round 1: KeyError: 1"):
        ask(Broken(KeyError), FIRST)
