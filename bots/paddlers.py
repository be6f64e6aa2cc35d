"""A bot's eyes and hands: what it sees, how late and how surely it answers. `mind` says how good it is, and how long.

Under every bot sits the same competent paddler (`autopilot.steer`); a persona spoils it in the ways a person is
imperfect. A bot sees what the screen shows and no more. It looks, imagines where the boat will be once its hands obey,
rehearses a few strokes from there, and one reaction time later the hands begin them, while the eyes look again: a plan
of a third of a second, three times a second, however fast the world turns.

Reaction times are ex-Gaussian (Luce, "Response Times", 1986): a normal part and an exponential tail, here mu 220,
sigma 25, tau 60 ms. How skill, in logits, becomes blur, look-ahead, foresight and lapses is ours, and so is how much a
bot's form varies from round to round: set so that a bot of skill s clears difficulty d about as often as
1 / (1 + exp(d - s)) says. The decision `what-skill-does` has the table.

Latents are drawn from the bot's own dice and never leave it: nothing here makes a message.
"""

import math
import random
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from bots.mind import Persona
from contract.events import Hint
from game_client.autopilot import steer
from game_client.water import drift
from game_client.world import BRAKE, FORWARD, LEFT, RIGHT, SIGHT, STEP_S, Afloat, Held, Kayak, World

REACTION_MU_S: Final = 0.220
REACTION_SIGMA_S: Final = 0.025
REACTION_TAU_S: Final = 0.060
TIMING_SIGMA_S: Final = 0.036
STROKES_PER_S: Final = 7.7
BEAT_S: Final = 2 * STEP_S
"""The imagination moves in beats of two steps: half as fine as the world, at half the price."""
STROKE_BEATS: Final = math.ceil(1 / STROKES_PER_S / BEAT_S)
PLAN_BEATS: Final = 6
"""How long a plan lasts; hands whose plan has run out let go."""
LEAD_BEATS: Final = round((REACTION_MU_S + REACTION_TAU_S) / BEAT_S)
"""How far ahead of its hands a paddler must think to be right when they obey."""
STILL: Final = 0.5
"""The chance that makes no boil: what nobody can foresee is not in the imagination."""

FORM_LOGITS: Final = 1.5
"""Nobody is equally good in every round: standard deviation of the form that is added to the skill."""
LAPSE: Final = 0.02
"""How often an average paddler looks and does not act."""
BLUR_M: Final = 1.0
"""How far off an average paddler's idea of where the boat is across the river is (standard deviation, metres)."""
LOOK_AHEAD_M: Final = 7.0
"""How many metres of what is in sight an average paddler takes in."""

FOLLOWS: Final = 0.6
WAVES_AWAY: Final = 0.1
"""What becomes of a hint that is seen: most follow it, one in ten waves it away, the rest let it be; ours."""
FURTHER: Final = 1.3
"""How much further somebody looks who was told to, until the round is over; ours."""

Plan = tuple[Held, ...]
"""What the hands do in each beat from when the plan begins."""


class Form(Struct, frozen=True, gc=False):
    """How well a bot paddles in one round; nothing outside this file reads it."""

    blur_m: float
    look_ahead_m: float
    foresight_beats: int
    lapse: float


class Paddler(Struct, frozen=True, gc=False):
    """One bot's mind at one moment. Times are seconds of the bot's own sitting."""

    persona: Persona
    skill: float
    """Logits; 0 is average. The latent that the system has to find out; nothing outside this file reads it."""
    form: Form
    plan: Plan = ()
    """What the hands are doing."""
    since_s: float = 0.0
    """When they began it."""
    next_plan: Plan = ()
    """What they will do when the reaction time is over."""
    wakes_at_s: float = 0.0
    """It has nothing to think about before this."""
    doing: Literal["paddling", "dreaming", "paused"] = "paddling"
    hint: Hint | None = None
    """The one it has read."""
    heeds: Literal["follows", "ignores", "waves away"] = "ignores"
    """What it makes of it."""


def sit_down(persona: Persona, dice: random.Random, skill: float | None = None) -> Paddler:
    """A bot of this kind that is about to paddle; without a `skill` in logits, one is drawn from its own dice."""
    skill = dice.gauss(persona.skill, persona.spread) if skill is None else skill
    return Paddler(persona, skill, form_at(dice.gauss(skill, FORM_LOGITS)))


def form_at(skill: float) -> Form:
    """What so much skill, in logits, is worth on the water."""
    return Form(
        blur_m=BLUR_M * math.exp(-0.4 * skill),
        look_ahead_m=min(LOOK_AHEAD_M * math.exp(0.3 * skill), SIGHT),
        foresight_beats=round(LEAD_BEATS / (1.0 + math.exp(-1.0 - skill))),
        lapse=min(LAPSE * math.exp(-0.5 * skill), 0.2),
    )


def held(paddler: Paddler, clock_s: float) -> Held:
    """What the hands hold now."""
    plan = paddler.plan
    if not plan:
        return 0
    beat = int((clock_s - paddler.since_s) / BEAT_S + 1e-6)
    return plan[beat] if beat < len(plan) else 0


def think(paddler: Paddler, world: World, clock_s: float, dice: random.Random) -> Paddler:
    """The hands begin what was planned, the eyes look again, and the next thought comes one reaction time later."""
    wait_s = reaction_s(dice)
    if paddler.doing != "paddling":
        return replace(paddler, doing="paddling", plan=(), next_plan=(), wakes_at_s=clock_s + wait_s)
    if world.hint != paddler.hint:
        paddler = read(paddler, world.hint, dice)
    habit = dice.random()
    if habit < paddler.persona.pause:
        return replace(paddler, doing="paused", plan=(), wakes_at_s=clock_s + dice.uniform(3.0, 8.0))
    if habit < paddler.persona.pause + paddler.persona.dream:
        return replace(paddler, doing="dreaming", plan=(), wakes_at_s=clock_s + dice.uniform(5.0, 9.0))
    coming = () if dice.random() < paddler.form.lapse else rehearse(imagine(paddler, world, dice))
    if paddler.persona.fidget and dice.random() < paddler.persona.fidget:
        side = dice.choice((LEFT, RIGHT))
        coming, wait_s = tuple(stroke ^ side for stroke in coming), STROKE_BEATS * BEAT_S
    if paddler.heeds == "follows":
        coming = _as_told(coming, paddler.hint)
    return replace(paddler, plan=paddler.next_plan, since_s=clock_s, next_plan=coming, wakes_at_s=clock_s + wait_s)


def recover(paddler: Paddler, skill: float, dice: random.Random) -> Paddler:
    """The paddler after a round, with the skill in logits that it has now, and in form for the next one."""
    return replace(paddler, skill=skill, form=form_at(dice.gauss(skill, FORM_LOGITS)), plan=(), next_plan=())


def read(paddler: Paddler, hint: Hint | None, dice: random.Random) -> Paddler:
    """The paddler that has seen a hint appear, and has made up its mind about it, or has seen one go."""
    if hint is None:
        return replace(paddler, hint=None, heeds="ignores")
    mood = dice.random()
    if mood >= FOLLOWS:
        return replace(paddler, hint=hint, heeds="waves away" if mood >= 1.0 - WAVES_AWAY else "ignores")
    form = paddler.form
    if hint in {"look_ahead", "line_up_the_gate"}:
        form = replace(form, look_ahead_m=min(form.look_ahead_m * FURTHER, SIGHT))
    return replace(paddler, hint=hint, heeds="follows", form=form)


def _as_told(plan: Plan, hint: Hint | None) -> Plan:
    """The plan of one who does what the hint says, where a hint asks for something in the hands."""
    match hint:
        case "brake_early":
            return tuple(stroke & ~FORWARD | BRAKE for stroke in plan)
        case "stay_in_the_current":
            return tuple(stroke & ~BRAKE | FORWARD for stroke in plan)
        case _:
            return plan


def breather_s(dice: random.Random) -> float:
    """How long it looks at the end of a round before the next one, in seconds."""
    return dice.uniform(0.8, 2.0)


def reaction_s(dice: random.Random) -> float:
    """One ex-Gaussian reaction time with the hand's own timing noise, never faster than hands can stroke."""
    reaction = dice.gauss(REACTION_MU_S, REACTION_SIGMA_S) + dice.expovariate(1 / REACTION_TAU_S)
    return max(reaction + dice.gauss(0.0, TIMING_SIGMA_S), 1 / STROKES_PER_S)


def imagine(paddler: Paddler, world: World, dice: random.Random) -> Afloat:
    """The river as this bot sees it, with the boat where it thinks the boat will be when its next plan begins."""
    boat, gates, form = world.kayak, world.rapid.gates, paddler.form
    far = boat.y + form.look_ahead_m
    x = boat.x + dice.gauss(0.0, form.blur_m)
    in_view = world.next_gate < len(gates) and gates[world.next_gate].y < far
    rocks = 0
    for rock in world.ahead:
        if rock.y >= far:
            break
        rocks += 1
    imagined = Afloat(
        world.rapid,
        Kayak(x, boat.y, boat.vx, boat.vy, boat.heading, boat.hull),
        world.ahead[:rocks],
        world.next_gate if in_view else len(gates),
        world.next_drop,
        world.surge,
        world.held,
    )
    doing = paddler.next_plan
    for beat in range(form.foresight_beats):
        imagined = _drifted(imagined, doing[beat] if beat < len(doing) else 0)
    return imagined


def rehearse(imagined: Afloat) -> Plan:
    """The strokes a competent paddler would make from here, no faster than hands can; letting go is free."""
    plan: list[Held] = []
    held, stroke_at = 0, -STROKE_BEATS
    for beat in range(PLAN_BEATS):
        if beat:
            imagined = _drifted(imagined, held)
        wanted = steer(imagined)
        if wanted & ~held and beat - stroke_at < STROKE_BEATS:
            wanted &= held
        elif wanted & ~held:
            stroke_at = beat
        held = wanted
        plan.append(held)
    return tuple(plan)


def _drifted(boat: Afloat, held: Held) -> Afloat:
    """One beat of the imagination: water and paddle, nothing else."""
    kayak, surge = drift(boat, held, BEAT_S, STILL)
    rapid, gate = boat.rapid, boat.next_gate
    if gate < len(rapid.gates) and rapid.gates[gate].y <= kayak.y:
        gate += 1
    return Afloat(rapid, kayak, boat.ahead, gate, boat.next_drop, surge, boat.held)
