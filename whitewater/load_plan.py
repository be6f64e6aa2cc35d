"""From the words of a load test to its plan and its target; what is wrong with them is said before a stack comes up."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct
from rich.console import Console

from bots.__main__ import find_doors
from bots.families import load_family
from bots.mind import PERSONAS
from infra.local import inspect, launch, stack
from load import kill, profiles, search
from load.plan import Plan, Target
from load.profiles import BadProfileError
from load.thresholds import BadThresholdError
from load.thresholds import parse as threshold
from processors.state import APP
from whitewater import crowd, server
from whitewater.manners import USAGE, FailedError
from whitewater.settings import home


class Asked(Struct, frozen=True, kw_only=True):
    """A load test in the words of who wants it."""

    profile: str
    to: int
    start: int | None
    seconds: float
    thresholds: tuple[str, ...]
    kills: tuple[str, ...] = ()
    processes: int = 1
    persona: str | None = None
    family: str | None = None
    seed: int = 1


def understood(asked: Asked) -> Callable[[Target], Plan]:
    """The plan, but for its target. Raises `FailedError` and `BadFamilyError`."""
    try:
        profile = profiles.named(asked.profile)
        schedule = profiles.make(profile, asked.to, asked.seconds, asked.start)
        judged = tuple(threshold(text) for text in asked.thresholds)
        kills = tuple(kill.parse(text) for text in asked.kills)
    except (BadProfileError, BadThresholdError, kill.BadKillError) as fault:
        raise FailedError(str(fault), USAGE) from fault
    _in_time(kills, profile, asked.seconds)
    if asked.persona is not None and asked.persona not in PERSONAS:
        sentence = f"Nobody is like {asked.persona!r}: there are {', '.join(PERSONAS)}."
        raise FailedError(sentence, USAGE)
    family = load_family(asked.family) if asked.family else None
    bounds = search.bounds(asked.to, asked.start) if profile == "find-max" else None
    return lambda target: Plan(
        profile=profile,
        schedule=schedule,
        thresholds=judged,
        kills=kills,
        bounds=bounds,
        processes=asked.processes,
        seed=asked.seed,
        persona=asked.persona,
        family=family,
        target=target,
    )


def _in_time(kills: Sequence[kill.Kill], profile: str, seconds: float) -> None:
    if kills and profile == "find-max":
        sentence = "A search looks for the most that holds while all is well: leave out --kill or take another profile."
        raise FailedError(sentence, USAGE)
    for planned in kills:
        if planned.at_s >= seconds:
            sentence = (
                f"--kill {planned.part}@{planned.at_s:g}s comes after the end, {seconds:g} s: name a time before it."
            )
            raise FailedError(sentence, USAGE)


def elsewhere(asked: str | None, *, own: bool, kills: Sequence[str]) -> str | None:
    """As `server.elsewhere`; raises `FailedError` for parts to be ended there, too."""
    address = server.elsewhere(asked, own=own)
    if address and kills:
        sentence = f"--kill ends parts of this machine's own stack, and {address} is elsewhere: leave one of them out."
        raise FailedError(sentence, USAGE)
    return address


@contextmanager
def river(console: Console, elsewhere: str | None) -> Iterator[tuple[str, stack.Stack | None]]:
    """The target's address for a while: elsewhere, or the stack of this home, which comes along and up if need be.

    The environment is not asked again: a variable that names this home's stack must not hide that it is ours.
    """
    if elsewhere:
        yield elsewhere, None
        return
    with launch.borrowed(home(), lambda words: console.print(words, style="dim", markup=False)) as local:
        yield local.api, local


def target(address: str, local: stack.Stack | None) -> Target:
    """The target behind an address. Raises `NobodyThereError`, and `FailedError` when the address is not `local`'s."""
    doors = find_doors(address)
    if local is not None and doors.kafka != local.kafka:
        sentence = f"{address} sends events to {doors.kafka}, and the stack here is {local.kafka}: whose is it?"
        raise FailedError(sentence)
    return Target(
        server=address,
        kafka=doors.kafka,
        river=doors.river,
        reader=crowd.reader(),
        group=APP,
        stack=None if local is None else kill.Stack(_pids, _is_well),
    )


def _pids() -> dict[str, int]:
    """The processes of this home's stack, now."""
    running = stack.read(home())
    return running.pids if running else {}


def _is_well(name: str) -> bool:
    running = stack.read(home())
    return running is not None and inspect.is_well(running, name)
