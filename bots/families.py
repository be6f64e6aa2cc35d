"""Finds a churn family: by the name of one of ours, or in a file outside this project (`path/to/file.py:Name`).

A family from outside is somebody else's code and runs with our rights; it is asked for by whoever starts the bots. It
is rehearsed before anybody plays: a few short lives, each lived by two of it with the same dice. Whatever is wrong
becomes one sentence, because the person who reads it has a file open and wants to know where to look.
"""

import importlib.util
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

from bots.churn import FAMILIES, BadFamilyError, Family, Round, ask
from bots.mind import HISTORY

__all__ = ["BadFamilyError", "load_family", "name_of"]

LIVES: Final = 3
ROUNDS: Final = 200
"""Of a rehearsed life: long enough for what grows with time to grow out of range."""


def load_family(which: str) -> type[Family]:
    """The family called `which`: F1, F2, F7 or FILE.py:Name. Raises `BadFamilyError`."""
    if which in FAMILIES:
        return FAMILIES[which]
    where, colon, name = which.rpartition(":")
    if not colon:
        sentence = f"Nobody knows the family {which!r}: there are {', '.join(FAMILIES)}, or FILE.py:Name."
        raise BadFamilyError(sentence)
    family = getattr(_run(Path(where)), name, None)
    if not isinstance(family, type) or not callable(getattr(family, "leaves", None)):
        sentence = f"{where} has no class {name!r} with a method leaves(self, played)."
        raise BadFamilyError(sentence)
    for seed in range(LIVES):
        _rehearse(family, which, seed)
    return family


def name_of(family: type[Family]) -> str:
    """A name under which `load_family` finds this very class in another process. Raises `BadFamilyError`."""
    for name, known in FAMILIES.items():
        if known is family:
            return name
    known_here = vars(sys.modules[family.__module__])
    file, names = known_here.get("__file__"), [name for name, value in known_here.items() if value is family]
    if file is None or not names:
        sentence = f"The family {family.__name__!r} is in no file, so several processes cannot share it: put it in one."
        raise BadFamilyError(sentence)
    return f"{Path(file).resolve()}:{names[0]}"


def _run(path: Path) -> ModuleType:
    """The module that the file is; known to Python under a name of its own, or data classes in it would not work."""
    if not path.is_file():
        sentence = f"There is no file {path}: a family from outside is FILE.py:Name."
        raise BadFamilyError(sentence)
    spec = importlib.util.spec_from_file_location(f"family_{path.stem}", path)
    if spec is None or spec.loader is None:
        sentence = f"{path} is no Python file: its name has to end in .py."
        raise BadFamilyError(sentence)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except SyntaxError as fault:
        sentence = f"{path} cannot be read in line {fault.lineno}: {fault.msg}."
        raise BadFamilyError(sentence) from fault
    except (Exception, SystemExit) as fault:
        sentence = f"{path} fails while it is loaded: {type(fault).__name__}: {fault}."
        raise BadFamilyError(sentence) from fault
    return module


def _rehearse(family: type[Family], which: str, seed: int) -> None:
    """One life, lived twice: every answer a chance, and both the same."""
    try:
        one, other = family(random.Random(seed)), family(random.Random(seed))
    except Exception as fault:
        sentence = f"{which} cannot be made from one random.Random: {type(fault).__name__}: {fault}."
        raise BadFamilyError(sentence) from fault
    for played in a_life(random.Random(seed)):
        if ask(one, played) != ask(other, played):
            sentence = f"{which}, made twice from the same dice, answers differently after round {played.number}."
            raise BadFamilyError(sentence)


def a_life(dice: random.Random) -> Iterator[Round]:
    """Rounds of somebody who has all kinds of luck, for rehearsing."""
    rapid, attempt, sat, played_s, history = 1, 1, 0, 0.0, ""
    for number in range(1, ROUNDS + 1):
        chance, active_s = dice.random(), dice.uniform(3.0, 45.0)
        cleared = dice.random() < chance
        played_s, history, sat = played_s + active_s, (history + "LW"[cleared])[-HISTORY:], sat % 12 + 1
        difficulty = dice.uniform(-3.0, 4.0)
        yield Round(number, rapid, attempt, cleared, difficulty, chance, active_s, played_s, history, sat)
        rapid, attempt = (rapid + 1, 1) if cleared else (rapid, attempt + 1)
