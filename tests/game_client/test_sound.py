"""The sound of the river: made in code, silent where it must be."""

import logging
from itertools import pairwise
from random import Random

import pygame
import pytest
from msgspec.structs import replace

from contract.events import GatePassed, RockHit
from game_client import sound
from game_client.scene import Preferences, Scene
from game_client.screenshots import paddled
from game_client.sound import RATE, SCALE, Sound


@pytest.fixture
def scene() -> Scene:
    """A moment of play."""
    return paddled(-0.3, "III", 1.0, Preferences())[-1]


@pytest.fixture
def speaker(monkeypatch: pytest.MonkeyPatch) -> Sound:
    """A loudspeaker that plays into nothing."""
    monkeypatch.setenv("SDL_AUDIODRIVER", "dummy")
    return Sound()


def test_a_machine_without_sound_says_so_once_and_plays_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, scene: Scene
) -> None:
    """A driver that is not there is one warning, and nothing else."""
    pygame.mixer.quit()
    monkeypatch.setenv("SDL_AUDIODRIVER", "no-such-driver")
    with caplog.at_level(logging.WARNING):
        speaker = Sound()
        for _ in range(3):
            speaker.follow(scene)
            speaker.hear((RockHit(0.0, 1.0, 1, 2),))
        speaker.close()
    assert speaker.silent
    assert len(caplog.records) == 1
    assert "no sound on this machine" in caplog.text


def test_the_river_is_louder_when_it_is_faster(speaker: Sound, scene: Scene) -> None:
    """At 10 m/s 0.62 of the volume, standing still 0.12 of it; the mixer keeps volumes in 128 steps."""
    preferences = Preferences(volume=1.0)
    volumes = []
    for speed in (0.0, 10.0):
        world = replace(scene.world, kayak=replace(scene.world.kayak, vy=speed))
        speaker.follow(replace(scene, world=world, preferences=preferences))
        assert speaker._rush is not None
        volumes.append(speaker._rush.get_volume())
    assert volumes == pytest.approx([0.12, 0.62], abs=0.01)
    speaker.close()


def test_mute_is_silence(speaker: Sound, scene: Scene) -> None:
    """Neither the river nor a chime is heard."""
    speaker.follow(replace(scene, preferences=Preferences(mute=True, volume=1.0)))
    assert speaker._rush is not None
    assert speaker._rush.get_volume() == 0.0
    speaker.hear((GatePassed(1, 0.0, 1),))
    assert all(chime.get_num_channels() == 0 for chime in speaker._chimes)
    speaker.close()


def test_the_chime_rises_with_the_combo_and_stays_at_the_top(speaker: Sound) -> None:
    """The first gate rings the first bell, the fortieth in a row the last."""
    speaker.hear((GatePassed(1, 0.0, 1),))
    assert speaker._chimes[0].get_num_channels() == 1
    speaker.hear((GatePassed(2, 0.0, 40),))
    assert speaker._chimes[len(SCALE) - 1].get_num_channels() == 1
    speaker.close()


def test_the_river_loops_without_a_click() -> None:
    """Where the loop joins itself the step is no larger than the largest anywhere else."""
    samples = sound.water(1.0, Random(1), 0.06)
    assert len(samples) == RATE
    steps = [abs(after - before) for before, after in pairwise(samples)]
    assert abs(samples[0] - samples[-1]) <= max(steps)


@pytest.mark.parametrize(
    "samples",
    [sound.chime(523.25), sound.thud(Random(1)), sound.swish(Random(1)), sound.splash(0.2, Random(1)),
     sound.gurgle(Random(1)), sound.tones((440.0,), 0.2)],
    ids=["chime", "thud", "swish", "splash", "gurgle", "tones"],
)  # fmt: skip
def test_every_sound_begins_and_ends_softly_and_can_be_heard(samples: list[float]) -> None:
    """No click at either end (under 0.05 and 0.15 of full), and a peak above 0.05."""
    assert abs(samples[0]) < 0.05
    assert abs(samples[-1]) < 0.15
    assert max(abs(sample) for sample in samples) > 0.05
