"""The river's sentences: no logits, no contradiction, what the player will feel."""

import pytest

from engagement_api.words import outcome
from tests.engagement_api.beliefs import finished


@pytest.mark.parametrize(
    ("cleared", "difficulty", "sentence"),
    [
        (True, -1.3, "So: the next rapid is harder."),
        (True, -1.5, "So: the next rapid is a little harder."),
        (True, -1.58, "So: the river stays as it is."),
        (True, -2.0, "So: now comes a calmer rapid."),
        (False, -1.9, "So: the next rapid is easier."),
        (False, -1.7, "So: the next rapid is a little easier."),
        (False, -1.5, "So, and yet you can do more: the next rapid is a little harder."),
    ],
)
def test_the_next_rapid_is_compared_with_the_one_just_paddled(cleared: bool, difficulty: float, sentence: str) -> None:  # noqa: FBT001 - a table of cases
    """The round just over had -1.6; a twentieth of a logit is not felt, a quarter is much."""
    assert outcome("So", finished(3, cleared=cleared).data, difficulty) == sentence
