"""One frame of a sitting: hear, listen, move, and say so; everything `loop` does between its ports, pure.

The world moves in fixed steps of 1/30 s whatever the frame rate; what is left over of a frame becomes `Scene.blend`.
A frame that took too long is not caught up with: play slows for a moment rather than jump.
"""

from collections.abc import Sequence
from datetime import datetime
from random import Random
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from contract.adaptations import AdaptationDecided
from contract.events import AdaptationApplied, SessionHeartbeat
from game_client import menu
from game_client.autopilot import steer
from game_client.scene import RECENT_S, Link
from game_client.session import Session, best_kept, choose, finish, get_up
from game_client.state import STEP_S, Happening, Held
from game_client.words import HINTS, end_of_round
from game_client.world import adapt, advance

Told = tuple[Happening, ...]

LONGEST_FRAME_S: Final = 0.25
HEARTBEAT_S: Final = 5.0
WAIT_S: Final = 2.5
"""How long the autopilot looks at the end of a round."""


class Input(Struct, frozen=True):
    """What the player did since the last frame. A pad speaks the key names of the menus."""

    held: Held = 0
    presses: tuple[str, ...] = ()
    closed: bool = False
    focused: bool = True


def frame(
    session: Session,
    seen: Input,
    heard: Sequence[AdaptationDecided],
    *,
    link: Link,
    elapsed_s: float,
    now: datetime,
    dice: Random,
) -> tuple[Session, Told]:
    """The sitting one frame later, and what is to be told."""
    session = _age(session, link, elapsed_s)
    session, answers = _hear(session, heard, now)
    session, pressed = _listen(session, seen, dice)
    session, moved = _move(session, seen.held, elapsed_s, dice)
    session, beat = _beat(session, focus=seen.focused)
    told = answers + pressed + moved + beat
    if told:
        scene = session.scene
        session = replace(session, scene=replace(scene, recent=scene.recent + tuple((fact, 0.0) for fact in told)))
    return _dress(session), told


def _age(session: Session, link: Link, elapsed_s: float) -> Session:
    """Time goes by for everything but the world."""
    scene = session.scene
    recent = tuple((fact, age + elapsed_s) for fact, age in scene.recent if age + elapsed_s < RECENT_S)
    return replace(
        session,
        scene=replace(scene, clock_s=scene.clock_s + elapsed_s, recent=recent, link=link),
        beat_s=session.beat_s + elapsed_s,
        frames_s=(*session.frames_s, elapsed_s),
        over_s=session.over_s + elapsed_s if scene.screen == "over" else 0.0,
    )


def _hear(session: Session, heard: Sequence[AdaptationDecided], now: datetime) -> tuple[Session, Told]:
    """Goals reach the river whatever is on screen; the end of the round words itself anew."""
    told: Told = ()
    for decided in heard:
        scene = session.scene
        world, answers = adapt(scene.world, decided.data, now)
        told += answers
        for answer in answers:
            if isinstance(answer, AdaptationApplied):
                scene = replace(scene, world=world, before=world, loop_ms=answer.latency_ms)
        if scene.screen == "over":
            scene = menu.show(replace(scene, verdict=end_of_round(world, best_kept(scene))), "over")
        session = replace(session, scene=scene)
    return session, told


def _listen(session: Session, seen: Input, dice: Random) -> tuple[Session, Told]:
    """Closing, focus, and keys that are not strokes; the first touch takes the paddle from the autopilot."""
    told: Told = ()
    if seen.closed:
        return get_up(session, "closed")
    scene = session.scene
    if scene.autopilot:
        if seen.held or seen.presses:
            return replace(session, scene=replace(scene, autopilot=False)), ()
        if scene.screen == "title":
            return choose(session, menu.show(scene, "play"), ("begin",), dice)
        if scene.screen == "over" and session.over_s >= WAIT_S:
            return choose(session, menu.show(scene, "play"), ("proceed",), dice)
        return session, ()
    if not seen.focused:
        session, told = choose(session, *menu.pause(scene), dice)
    for key in seen.presses:
        session, pressed = choose(session, *menu.press(session.scene, key), dice)
        told += pressed
    return session, told


def _move(session: Session, held: Held, elapsed_s: float, dice: Random) -> tuple[Session, Told]:
    """The world catches up with the clock, in whole steps."""
    scene = session.scene
    if scene.screen != "play" or session.ended:
        return session, ()
    told: Told = ()
    passed_s = min(elapsed_s, LONGEST_FRAME_S)
    world, before, lag_s = scene.world, scene.before, session.lag_s + passed_s
    while lag_s >= STEP_S and world.phase == "running":
        before = world
        world, happened = advance(world, steer(world) if scene.autopilot else held, STEP_S, dice)
        told += happened
        lag_s -= STEP_S
    scene = replace(scene, world=world, before=before, blend=min(lag_s / STEP_S, 1.0))
    session = replace(session, scene=scene, lag_s=lag_s, active_s=session.active_s + passed_s)
    return finish(session, world, told), told


def _beat(session: Session, *, focus: bool) -> tuple[Session, Told]:
    """Every five seconds the game says that it is alive, and how smoothly it runs."""
    if session.beat_s < HEARTBEAT_S:
        return session, ()
    slowest_first = sorted(session.frames_s, reverse=True)
    p50, p01 = slowest_first[len(slowest_first) // 2], slowest_first[len(slowest_first) // 100]
    link = session.scene.link
    beat = SessionHeartbeat(focus, _rate(p50), _rate(p01), link.waiting, link.dropped)
    return replace(session, beat_s=0.0, frames_s=()), (beat,)


def _rate(frame_s: float) -> float:
    return round(min(1.0 / max(frame_s, 1e-4), 10_000.0), 1)


def _dress(session: Session) -> Session:
    """The scene takes from the world what is written beside it."""
    scene = session.scene
    hint = scene.world.hint if scene.screen == "play" else None
    if hint == scene.hint and scene.goal is scene.world.goal:
        return session
    words = HINTS[hint] if hint else ""
    return replace(session, scene=replace(scene, hint=hint, hint_words=words, goal=scene.world.goal))
