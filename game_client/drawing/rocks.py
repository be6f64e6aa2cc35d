"""Rocks, ledges and standing waves, where a rapid has them.

Rocks thin out while a round is paddled (the pace), so those in sight come with the world; those just passed are
remembered until they leave the picture. Every thing runs through its loop of foam from its own place in it, so that
nothing beats in step.
"""

from random import Random
from typing import Final

from pygame import Surface

from game_client.drawing.foam import CRESTS_M, FOOT, FRAMES, LIP_M, Foam
from game_client.drawing.palette import Look
from game_client.drawing.view import View
from game_client.state import HALF_WIDTH, Rapid, Rock

BEAT: Final = 13.0
"""Frames of foam a second."""


class Rocks:
    """The rocks, waves and ledges of one rapid."""

    def __init__(self, rapid: Rapid, look: Look, foam: Foam) -> None:
        self._foam = foam
        self._drops = rapid.drops
        self._met: dict[Rock, None] = {}
        dice = Random(rapid.seed + 1)
        self._waves = [
            (
                dice.uniform(-4.6, 4.6),
                dice.uniform(6.0, rapid.length),
                dice.randrange(FRAMES),
                dice.randrange(len(CRESTS_M)),
            )
            for _ in range(int(look.waves * rapid.length))
        ]
        for rock in rapid.rocks:
            foam.pillow(rock.radius)

    def draw_waves(self, canvas: Surface, view: View, clock_s: float) -> None:
        """Ledges and standing waves, which lie in the water."""
        beat = int(clock_s * BEAT)
        for y in self._drops:
            if view.visible(y, 3.0):
                canvas.blit(self._foam.ledge[beat % FRAMES], view.place(-HALF_WIDTH - 0.3, y + LIP_M))
        for wave_x, wave_y, start, size in self._waves:
            if view.visible(wave_y, 1.0):
                crest = self._foam.crests[size][(beat + start) % FRAMES]
                canvas.blit(crest, crest.get_rect(center=view.place(wave_x, wave_y)))

    def draw(self, canvas: Surface, view: View, rocks: tuple[Rock, ...], clock_s: float) -> None:
        """The rocks that are there, the farthest first, with their foam."""
        self._met.update(dict.fromkeys(rocks))
        for rock in [rock for rock in self._met if rock.y < view.metres(view.height) - 3.0]:
            del self._met[rock]
        beat = int(clock_s * BEAT)
        for rock in sorted(self._met, key=lambda rock: -rock.y):
            if view.visible(rock.y, 3.0):
                x, y = view.place(rock.x, rock.y)
                froth = self._foam.pillow(rock.radius)[(beat + int(rock.y * 7)) % FRAMES]
                canvas.blit(froth, (x - froth.get_width() // 2, y - int(froth.get_height() * FOOT)))
                stone = self._foam.stone(rock.radius, int(rock.x * 97))
                canvas.blit(stone, stone.get_rect(center=(x, y)))
