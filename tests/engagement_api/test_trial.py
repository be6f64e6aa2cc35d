"""Who is in which arm: by name alone, in the shares that were said, and the held out before any trial."""

import hashlib
from collections import Counter

import pytest

from engagement_api.trial import HELD_OUT, Branch, Trial, branch_of, flaw_of, untried
from tests.engagement_api.beliefs import FOLLOWED
from tests.engagement_api.beliefs import HELD_OUT as SOMEBODY_HELD_OUT

THREE = Trial("three", (Branch("drawn", "P0", 0.45), Branch("aimed", "P2", 0.45), Branch("cohort", "explore", 0.10)))
PLAYERS = [f"player {number}" for number in range(20_000)]


def test_the_arms_are_as_the_other_tests_take_them() -> None:
    """One player in twenty is held out; the two names used here stand one in each arm."""
    assert branch_of(FOLLOWED, untried("P2")) == Branch("adaptive", "P2", 1.0)
    assert branch_of(SOMEBODY_HELD_OUT, untried("P2")) == HELD_OUT
    share = sum(branch_of(player, untried("P2")) == HELD_OUT for player in PLAYERS) / len(PLAYERS)
    assert share == pytest.approx(0.05, abs=0.005)


def test_a_player_is_drawn_by_the_salted_sha_256_of_the_name() -> None:
    """The first eight bytes as a share of 2**64, laid along .45 .45 .10."""
    for player in PLAYERS[:200]:
        digest = hashlib.sha256(b"trial three:" + player.encode()).digest()
        lot = int.from_bytes(digest[:8], "big") / 2**64
        arm = THREE.arms[0 if lot < 0.45 else 1 if lot < 0.9 else 2]
        assert branch_of(player, THREE) in (arm, HELD_OUT)


def test_the_arms_have_the_shares_that_were_said() -> None:
    """Of the 95 % who are not held out, 45, 45 and 10 %; three standard deviations of a share are 0.011."""
    arms = Counter(branch.name for player in PLAYERS if (branch := branch_of(player, THREE)))
    for branch in THREE.arms:
        assert arms[branch.name] / len(PLAYERS) == pytest.approx(0.95 * branch.share, abs=0.011)


def test_another_trial_shuffles_the_players_and_holds_out_the_same() -> None:
    """Who shared an arm is spread over the arms of the next trial; the hold-out stays."""
    again = Trial("again", THREE.arms)
    were = [player for player in PLAYERS if branch_of(player, THREE) == THREE.arms[0]]
    still = sum(branch_of(player, again) == THREE.arms[0] for player in were) / len(were)
    assert still == pytest.approx(0.45, abs=0.02)
    assert [p for p in PLAYERS if branch_of(p, THREE) == HELD_OUT] == [
        p for p in PLAYERS if branch_of(p, again) == HELD_OUT
    ]


def test_whom_the_shares_leave_over_is_not_in_the_trial() -> None:
    """Half of them, when the only arm has half."""
    half = Trial("half", (Branch("aimed", "P2", 0.5),))
    outside = sum(branch_of(player, half) is None for player in PLAYERS) / len(PLAYERS)
    assert outside == pytest.approx(0.95 * 0.5, abs=0.011)


@pytest.mark.parametrize(
    ("trial", "flaw"),
    [
        (THREE, None),
        (Trial("none", THREE.arms), "stands for no trial"),
        (Trial("t", (Branch("held_out", "P2", 0.5),)), "is there in every trial"),
        (Trial("t", (Branch("a", "P2", 0.5), Branch("a", "P0", 0.5))), "Two arms have one name"),
        (Trial("t", (Branch("a", "P2", 0.6), Branch("b", "P0", 0.6))), "add up to 1.2"),
    ],
)
def test_a_trial_that_cannot_be_run_says_why(trial: Trial, flaw: str | None) -> None:
    """Before it is begun."""
    told = flaw_of(trial)
    assert (told is None) == (flaw is None)
    assert flaw is None or flaw in str(told)
