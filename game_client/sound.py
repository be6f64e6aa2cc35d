"""The sound of the river, made in code: rush, strokes, chimes, thuds; no file is read.

Every sound is a list of samples worked out once at the start. A machine without a sound device is said so once, in the
log, and the game goes on without a word.
"""

import logging
from array import array
from collections.abc import Callable, Sequence
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
        dice = Random(7)
        self._river = _sound(water(3.0, dice, 0.06))
        self._strokes = [_sound(splash(0.20, dice)) for _ in range(3)]
        self._thud, self._missed = _sound(thud(dice)), _sound(tones((196.0, 174.6), 0.22))
        self._close, self._eddy = _sound(swish(dice)), _sound(tones((392.0, 523.25, 659.25), 0.16))
        self._swamped, self._cleared = _sound(gurgle(dice)), _sound(tones((523.25, 659.25, 783.99, 1046.5), 0.28))
        self._chimes = [_sound(chime(BASE_HZ * 2 ** (step / 12))) for step in SCALE]
        self._rush = self._river.play(loops=-1)
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
                    self._play(self._missed, 0.5)
                case RockHit():
                    self._play(self._thud, 1.0)
                case RockPassed():
                    self._play(self._close, 0.35)
                case EddyCaught() | RewardClaimed():
                    self._play(self._eddy, 0.7)
                case StrokeMade():
                    self._play(self._strokes[len(happening.action) % len(self._strokes)], 0.30)
                case RapidFinished():
                    self._play(self._cleared if happening.outcome == "cleared" else self._swamped, 0.8)

    def close(self) -> None:
        """Silence."""
        if not self.silent:
            pygame.mixer.quit()

    def _play(self, sound: pygame.mixer.Sound, share: float) -> None:
        sound.set_volume(self._volume * share)
        sound.play()


def _sound(samples: list[float]) -> pygame.mixer.Sound:
    """Samples of -1 to 1, louder ones cut, as a sound."""
    return pygame.mixer.Sound(buffer=array("h", (int(max(-1.0, min(1.0, s)) * LOUDEST) for s in samples)).tobytes())


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
    samples: list[float] = []
    for pitch in pitches_hz:
        samples += _shaped(
            step_s, lambda t, pitch=pitch: 0.4 * sin(2 * pi * pitch * t) + 0.1 * sin(4 * pi * pitch * t), 6.0
        )
    return samples
