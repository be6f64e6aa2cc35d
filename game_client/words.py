"""What the game says to its player: every sentence about play in one place, built from facts and never from guesses."""

from typing import Final

from contract.events import Hint
from game_client.goals import next_difficulty
from game_client.state import HULL, World

QUESTION: Final = "How did that feel?  1 dull or hopeless ... 5 just right   (escape: not now)"
QUESTION_NAME: Final = "flow"
"""What the answer is filed under."""

HINTS: Final[dict[Hint, str]] = {
    "look_ahead": "Look past the next gate: the one after it decides your line.",
    "use_the_eddy": "Catch an eddy: still water rests you, mends you or pays.",
    "brake_early": "Brake before the turn, not in it: a slow kayak turns faster.",
    "stay_in_the_current": "Stay in the middle: the water there carries you.",
    "line_up_the_gate": "Line up early: be straight before the posts, not between them.",
}
HELP: Final = (
    "The river carries you. Left and right turn the kayak, forward paddles, brake holds against the water.",
    "Thread the gates: each in a row pays more. Three gates missed and the run is over.",
    "Three rocks swamp the kayak. A near miss pays a little.",
    "Eddies hold a star (points), a repair (hull) or a breather (fewer rocks for a while).",
    "The current is fastest in the middle, slack at the banks and behind rocks. Bends throw you outward.",
    "The river watches how you paddle and changes itself. In the settings you can ask it to leave you alone.",
    "Escape or P pauses. H waves a hint away.",
)
ALONE: Final = "You paddle alone: nobody watches, and the river is as its designer drew it."
HOW_LOST: Final = {
    "rock": "The rocks filled the boat.",
    "gates": "Three gates missed: the run does not count.",
    "time": "The light was gone before the end.",
}
HEADINGS: Final = {"cleared": "Cleared!", "swamped": "Swamped", "abandoned": "Given up"}
SAME: Final = 0.05
"""Logits between two rapids that nobody would feel."""


def end_of_round(world: World, best_before: int) -> tuple[str, tuple[str, ...]]:
    """The heading and the lines at the end of a round: what happened, and why the river changes now."""
    gates = f"{world.gates_passed} of {len(world.rapid.gates)} gates"
    lines = [f"{gates}, hull {world.kayak.hull} of {HULL}, {world.score} points."]
    if world.swamped_by:
        lines.insert(0, HOW_LOST[world.swamped_by])
    if world.outcome == "cleared" and world.score > best_before:
        lines.append(f"Your best run on class {world.rapid.grade} so far.")
    elif best_before:
        lines.append(f"Your best on class {world.rapid.grade}: {best_before} points.")
    if world.hint:
        lines.append(HINTS[world.hint])
    lines.append(why_next(world))
    return HEADINGS[world.outcome or "abandoned"], tuple(lines)


def why_next(world: World) -> str:
    """How the next rapid will differ, and why, in words."""
    number = world.rapid.number + (world.outcome == "cleared")
    change = next_difficulty(world, number) - world.rapid.difficulty
    how = "much the same" if abs(change) < SAME else "harder" if change > 0.0 else "easier"
    if not world.consent:
        return f"The river leaves you alone. Next: {how}, as its designer drew it."
    if world.goal is None:
        return f"Next: {how}, as the river's designer drew it."
    return f"Next: {how}. {world.goal.because}"
