"""One sitting at the game, from the title to getting up: what it holds, and what a player's wishes do to it.

`menu` turns keys into intents; here they are done: rounds begun, given up, followed by the next, counted, and judged
against the best run of their class.
"""

from random import Random
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from contract.course import grade_of
from contract.events import HintDismissed, RapidFinished, SessionEnded
from game_client import menu
from game_client.goals import next_difficulty
from game_client.menu import Intent
from game_client.scene import Best, Link, Preferences, Scene
from game_client.state import Happening, World
from game_client.words import QUESTION, end_of_round
from game_client.world import SEEDS, abandon, begin, leave_alone, proceed

Told = tuple[Happening, ...]

ASK_EVERY: Final = 5
"""Rounds between two questions about how it feels."""


class Session(Struct, frozen=True, kw_only=True):
    """A sitting: the scene, and what is not drawn."""

    scene: Scene
    lag_s: float = 0.0
    """Time passed that the world has not moved by yet; less than a step."""
    active_s: float = 0.0
    """Seconds of play, pauses and menus left out."""
    rounds: int = 0
    over_s: float = 0.0
    """Seconds the end of the round has been on show."""
    beat_s: float = 0.0
    """Seconds since the last heartbeat, and the frames since then."""
    frames_s: tuple[float, ...] = ()
    ended: Literal["quit", "closed", "timeout"] | None = None


def sit_down(
    preferences: Preferences,
    bests: tuple[Best, ...],
    dice: Random,
    *,
    autopilot: bool,
    rapid: int = 1,
    link: Link = Link(),  # noqa: B008 - frozen
    note: str | None = None,
) -> Session:
    """A new sitting, at the title with a `note` if there is one; an autopilot pushes off by itself at once.

    `rapid` is the one that waits, from 1.
    """
    world, _ = begin(rapid, 1, 0.0, dice.randrange(SEEDS), consent=preferences.consent)
    scene = Scene(
        screen="title",
        world=world,
        before=world,
        preferences=preferences,
        bests=bests,
        autopilot=autopilot,
        link=link,
    )
    scene = menu.show(scene, "title")
    return Session(scene=replace(scene, lines=(*scene.lines, note)) if note else scene)


def get_up(session: Session, reason: Literal["quit", "closed", "timeout"]) -> tuple[Session, Told]:
    """The end of the sitting: a round under way is given up, and the session ends; the picture stays as it was."""
    scene = session.scene
    told: Told = ()
    aside = scene.screen in {"help", "settings"} and scene.back == "paused"
    if scene.screen in {"play", "paused"} or aside:
        _, told = abandon(scene.world)
    rounds = session.rounds + len(told)
    ended = SessionEnded(reason, round(session.active_s, 3), rounds)
    return replace(session, ended=reason, rounds=rounds), (*told, ended)


def choose(session: Session, scene: Scene, intents: tuple[Intent, ...], dice: Random) -> tuple[Session, Told]:
    """The scene after a press, and its intents done."""
    session = replace(session, scene=scene)
    told: Told = ()
    for intent in intents:
        session, done = perform(session, intent, dice)
        told += done
    return session, told


def perform(session: Session, intent: Intent, dice: Random) -> tuple[Session, Told]:
    """What the player wants beyond the menu, done."""
    scene = session.scene
    world = scene.world
    match intent:
        case "begin" | "anew":
            rapid = world.next_rapid if intent == "begin" else 1
            difficulty = next_difficulty(world, rapid)
            best = best_kept(scene, difficulty)
            seed = dice.randrange(SEEDS)
            fresh, told = begin(
                rapid, 1, difficulty, seed, best=best, pace=world.pace, goal=world.goal, consent=world.consent
            )
            return _push_off(session, fresh), told
        case "proceed":
            fresh, told = proceed(world, dice)
            fresh = replace(fresh, best=best_kept(scene, fresh.rapid.difficulty))
            return _push_off(session, fresh), told
        case "abandon":
            world, told = abandon(world)
            return finish(session, world, told), told
        case "consent":
            world, told = leave_alone(world, scene.preferences.consent)
            scene = replace(scene, world=world, before=world, verdict=end_of_round(world, best_kept(scene)))
            return replace(session, scene=scene), told
        case "quit":
            return get_up(session, "quit")
        case fact:
            if scene.screen == "play" and isinstance(fact, HintDismissed):
                session = replace(session, scene=replace(scene, world=replace(world, hint=None)))
            return session, (fact,)


def _push_off(session: Session, world: World) -> Session:
    return replace(session, lag_s=0.0, scene=replace(session.scene, world=world, before=world, blend=1.0))


def finish(session: Session, world: World, told: Told) -> Session:
    """Where a round ended: the verdict, the best run, and now and then a question."""
    finished = next((fact for fact in told if isinstance(fact, RapidFinished)), None)
    if finished is None:
        return session
    scene, rounds = session.scene, session.rounds + 1
    grade = world.rapid.grade
    bests, best_before = scene.bests, best_kept(scene)
    if finished.outcome == "cleared" and finished.score > best_before:
        run = Best(grade, finished.score, finished.rapid, finished.active_s)
        bests = (*(best for best in bests if best.grade != grade), run)
    asking = rounds % ASK_EVERY == 0 and not scene.autopilot
    scene = replace(
        scene,
        world=world,
        before=world,
        bests=bests,
        verdict=end_of_round(world, best_before),
        question=QUESTION if asking else None,
    )
    if scene.screen in {"play", "paused"}:
        scene = menu.show(scene, "over")
    return replace(session, scene=scene, rounds=rounds)


def best_kept(scene: Scene, difficulty: float | None = None) -> int:
    """The best score kept for the class of this difficulty, or of the present rapid."""
    grade = scene.world.rapid.grade if difficulty is None else grade_of(difficulty)
    return next((best.score for best in scene.bests if best.grade == grade), 0)
