"""The river's answers in words a player can read, and the numbers they rest on.

A sentence has two halves: the policy's reason, and what the guardrails made of it. What is compared is the round just
played with the next one, because that is what the player will feel; the designer's curve means nothing to them.
"""

from typing import Final

from contract.events import Hint, Reward
from contract.signals import Signals
from engagement_api.guardrails import Rail
from engagement_api.policy.pacing import HINT_WORDS, REWARD_WORDS, pace_of
from engagement_api.policy.wish import next_rapid, was_cleared
from engagement_api.state import State
from engagement_api.weigh import Aim

LEFT_ALONE: Final = "You asked the river to leave you alone."
SWITCHED_OFF: Final = "The river leaves everybody alone for now: its attention is switched off."
BACK: Final = "The river follows you again, from where you stand."
GRAPHLESS: Final = " (The graph cannot be trusted now, so the target decides.)"
LOST: Final = "The river has not heard of you for a while"
FELT: Final = 0.05
"""Logits. Ours: a smaller change is none that a paddler could feel."""
MUCH: Final = 0.25


def sentence(signals: Signals, before: State, aim: Aim) -> str:
    """Why the river becomes what `aim` says, and what comes with it; `before` is how the player stood until now."""
    match aim.why:
        case "opted_out":
            said = LEFT_ALONE
        case "switched_off":
            said = SWITCHED_OFF
        case "back":
            said = BACK
        case "meanwhile":
            said = meanwhile(signals, before)
        case "lost":
            said = outcome(LOST, signals, aim.difficulty)
        case "round":
            said = outcome(aim.wish.because if aim.wish else LOST, signals, aim.difficulty)
    return with_gifts(said + GRAPHLESS if aim.graphless else said, aim.hint, aim.reward)


def outcome(why: str, signals: Signals, difficulty: float) -> str:
    """The policy's reason and what follows from it for the next round."""
    change = difficulty - signals.difficulty
    if abs(change) < FELT:
        return f"{why}: the river stays as it is."
    if change < 0 and was_cleared(signals):
        return f"{why}: now comes a calmer rapid."
    amount = "" if abs(change) >= MUCH else "a little "
    if change > 0 and not was_cleared(signals):
        return f"{why}, and yet you can do more: the next rapid is {amount}harder."
    return f"{why}: the next rapid is {amount}{'harder' if change > 0 else 'easier'}."


def meanwhile(signals: Signals, state: State) -> str:
    """Why a goal comes though no round was finished: a session began, or the pace follows the paddler."""
    pace = pace_of(signals)
    if pace < state.pace:
        return "That was a lot at once: fewer rocks for a moment."
    if pace > state.pace:
        return "You have caught your breath: the river picks up again."
    return "The river remembers you." if signals.rounds else "A river nobody has paddled yet: it will follow you."


def with_gifts(sentence: str, hint: Hint | None, reward: Reward | None) -> str:
    """The sentence, and what comes with it."""
    if hint is not None:
        sentence += f" A hint: {HINT_WORDS[hint]}."
    if reward is not None:
        sentence += f" You earned {REWARD_WORDS[reward]}."
    return sentence


def evidence(signals: Signals, aim: Aim, rails: tuple[Rail, ...]) -> dict[str, float]:
    """The values a goal rests on, the policy's own among them; a rail that had a part in it is there with a 1."""
    values = {
        "skill": round(signals.skill, 3),
        "skill_sigma": round(signals.skill_sigma, 3),
        "success": round(signals.success, 3),
        "flow_gap": round(signals.flow_gap, 3),
        "streak": float(signals.streak),
        "rounds": float(signals.rounds),
        "intensity": round(signals.intensity, 3),
        "rapid": float(next_rapid(signals)),
        "asked_offset": round(aim.asked, 3),
        "change": round(aim.difficulty - signals.difficulty, 3),
    }
    if aim.wish is not None:
        values.update(aim.wish.evidence)
    if aim.graphless:
        values["graph_refused"] = 1.0
    for rail in rails:
        values[f"rail_{rail}"] = 1.0
    return values
