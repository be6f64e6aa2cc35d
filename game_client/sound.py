"""The sound of the river, made in code: rush, strokes, chimes, thuds; no file is read.

Every sound is a list of samples worked out once at the start. A machine without a sound device is said so once, in the
log, and the game goes on without a word.
"""

import logging
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from math import exp, pi, sin
from random import Random
from typing import Final

import pygame

from contract.events import (
    EddyCaught,
    GateMissed,
    GatePassed,
    RapidFinished,
    RewardClaimed,
    RockHit,
    RockPassed,
    StrokeMade,
)
from game_client.scene import Scene
from game_client.state import Happening

RATE: Final = 22_050
"""Samples a second: water has nothing above 10 kHz that would be missed."""
LOUDEST: Final = 30_000
SCALE: Final = (0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24)
"""Semitones of the chime as the combo rises: a pentatonic, so that any two sound well together."""
STROKES: Final = 3
"""Splashes that differ a little, so that paddling does not tick like a clock."""
BASE_HZ: Final = 523.25
FASTEST: Final = 10.0
"""Metres a second at which the river is loudest."""

log = logging.getLogger(__name__)


class Sound:
    """The loudspeaker; silent where there is none."""

    def __init__(self) -> None:
        self._rush: pygame.mixer.Channel | None = None
        self._volume = 0.7
        try:
            pygame.mixer.init(RATE, -16, 1, 512)
        except pygame.error as fault:
            log.warning("no sound on this machine (%s); the game goes on silently", fault)
            self.silent = True
            return
        self.silent = False
        self._sounds = {name: pygame.mixer.Sound(buffer=samples) for name, samples in voices().items()}
        self._chimes = [self._sounds[f"chime{step}"] for step in range(len(SCALE))]
        self._strokes = [self._sounds[f"stroke{kind}"] for kind in range(STROKES)]
        self._rush = self._sounds["river"].play(loops=-1)
        if self._rush is not None:
            self._rush.set_volume(0.0)

    def follow(self, scene: Scene) -> None:
        """The river is as loud as it is fast, and only murmurs behind menus."""
        preferences = scene.preferences
        self._volume = 0.0 if preferences.mute else preferences.volume
        if self._rush is None:
            return
        speed = min(scene.world.kayak.vy / FASTEST, 1.0) if scene.screen == "play" else 0.12
        self._rush.set_volume(self._volume * (0.12 + 0.5 * max(speed, 0.0)))

    def hear(self, happenings: Sequence[Happening]) -> None:
        """A sound for each happening that has one."""
        if self.silent or self._volume == 0.0:
            return
        for happening in happenings:
            match happening:
                case GatePassed():
                    self._play(self._chimes[min(max(happening.combo - 1, 0), len(SCALE) - 1)], 0.7)
                case GateMissed():
                    self._play(self._sounds["missed"], 0.5)
                case RockHit():
                    self._play(self._sounds["thud"], 1.0)
                case RockPassed():
                    self._play(self._sounds["close"], 0.35)
                case EddyCaught() | RewardClaimed():
                    self._play(self._sounds["eddy"], 0.7)
                case StrokeMade():
                    self._play(self._strokes[len(happening.action) % len(self._strokes)], 0.30)
                case RapidFinished():
                    self._play(
                        self._sounds["cleared"] if happening.outcome == "cleared" else self._sounds["swamped"], 0.8
                    )

    def close(self) -> None:
        """Silence."""
        if not self.silent:
            pygame.mixer.quit()

    def _play(self, sound: pygame.mixer.Sound, share: float) -> None:
        sound.set_volume(self._volume * share)
        sound.play()


@lru_cache(maxsize=1)
def voices() -> dict[str, bytes]:
    """Every sound by name, as 16-bit samples; worked out once in a process."""
    dice = Random(7)
    made = {
        "river": water(3.0, dice, 0.06),
        "thud": thud(dice),
        "missed": tones((196.0, 174.6), 0.22),
        "close": swish(dice),
        "eddy": tones((392.0, 523.25, 659.25), 0.16),
        "swamped": gurgle(dice),
        "cleared": tones((523.25, 659.25, 783.99, 1046.5), 0.28),
    }
    made |= {f"stroke{kind}": splash(0.20, dice) for kind in range(STROKES)}
    made |= {f"chime{step}": chime(BASE_HZ * 2 ** (tone / 12)) for step, tone in enumerate(SCALE)}
    return {name: _cut(samples) for name, samples in made.items()}


def _cut(samples: list[float]) -> bytes:
    """Samples of -1 to 1 as 16 bits each, louder ones cut."""
    return array("h", (int(max(-1.0, min(1.0, sample)) * LOUDEST) for sample in samples)).tobytes()


def _shaped(seconds: float, wave: Callable[[float], float], fade: float, attack_s: float = 0.004) -> list[float]:
    """A wave that starts within `attack_s` and dies away at `fade` a second."""
    count = int(seconds * RATE)
    return [wave(at / RATE) * min(1.0, at / RATE / attack_s) * exp(-fade * at / RATE) for at in range(count)]


def water(seconds: float, dice: Random, softness: float) -> list[float]:
    """Rushing water: noise through a one-pole low pass, its end faded into its start so that it loops unheard."""
    count, seam = int(seconds * RATE), RATE // 4
    low, lower, samples = 0.0, 0.0, []
    for _ in range(count + seam):
        low += (dice.uniform(-1, 1) - low) * 0.35
        lower += (low - lower) * softness
        samples.append((low - lower) * 0.5 + lower * 1.6)
    for at in range(seam):
        share = at / seam
        samples[at] = samples[at] * share + samples[count + at] * (1 - share)
    return samples[:count]


def splash(seconds: float, dice: Random) -> list[float]:
    """A blade into water."""
    noise = water(seconds + 0.3, dice, 0.3)
    return _shaped(seconds, lambda t: noise[int(t * RATE)] * (0.6 + 0.4 * sin(2 * pi * 9 * t)), 16.0, 0.02)


def swish(dice: Random) -> list[float]:
    """A rock going by."""
    noise = water(0.7, dice, 0.2)
    return [noise[at] * sin(pi * at / (0.35 * RATE)) ** 2 for at in range(int(0.35 * RATE))]


def thud(dice: Random) -> list[float]:
    """Plastic on stone: a falling low note under a burst of noise."""
    noise = water(0.8, dice, 0.5)
    return _shaped(
        0.5, lambda t: 0.9 * sin(2 * pi * (95 * t - 70 * t * t)) + 0.7 * noise[int(t * RATE)] * exp(-22 * t), 7.0
    )


def gurgle(dice: Random) -> list[float]:
    """A boat filling."""
    noise = water(1.6, dice, 0.1)
    return _shaped(
        1.3,
        lambda t: 0.5 * noise[int(t * RATE)] + 0.4 * sin(2 * pi * (150 - 60 * t + 18 * sin(2 * pi * 6 * t)) * t),
        2.0,
        0.03,
    )


def chime(pitch_hz: float) -> list[float]:
    """A small bell: the partials of a bar, the higher the sooner gone."""
    return _shaped(
        0.9,
        lambda t: (
            0.5 * sin(2 * pi * pitch_hz * t)
            + 0.25 * exp(-5 * t) * sin(2 * pi * pitch_hz * 2.76 * t)
            + 0.12 * exp(-11 * t) * sin(2 * pi * pitch_hz * 5.4 * t)
        ),
        5.0,
    )


def tones(pitches_hz: tuple[float, ...], step_s: float) -> list[float]:
    """Soft notes one after the other."""

    def note(pitch_hz: float) -> list[float]:
        turn = 2 * pi * pitch_hz
        return _shaped(step_s, lambda t: 0.4 * sin(turn * t) + 0.1 * sin(2 * turn * t), 6.0)

    return [sample for pitch_hz in pitches_hz for sample in note(pitch_hz)]
