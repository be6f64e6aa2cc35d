"""How water and paddle move the kayak: one step of `drift`.

The current is fastest in the middle and slack at the banks, slacker still behind a rock; bends throw the kayak outward,
boils push it where nobody can foresee, and on a ledge the water falls faster than a paddle holds. The kayak follows the
water as a boat does, with a lag: a quarter of a second until a stroke is a speed.
"""

from math import sin
from typing import Final

from game_client.state import BEAM, BRAKE, FORWARD, HALF_WIDTH, LEFT, RIGHT, Afloat, Held, Kayak

BANK_SLACK: Final = 0.5
"""The share of the current that is missing at the banks."""
WAKE_SLACK: Final = 0.5
"""The share of the current that is left behind a rock."""
WAKE: Final = 2.5
"""Radii of a rock that its slack reaches downstream."""
LEDGE: Final = 3.0
"""Metres that a ledge is long."""
LEDGE_FALL: Final = 1.5
LEDGE_GRIP: Final = 0.35
LAG_S: Final = 0.25
TURN: Final = 3.4
"""Radians a second that a held paddle turns the kayak."""
TURN_BRAKED: Final = 4.6
STRAIGHTEN: Final = 2.2
"""Per second: how the kayak comes back into the current when nobody steers."""
LEAN: Final = 1.1
"""Radians off straight downstream at most."""
SWEEP: Final = 4.0
"""Metres a second across, at right angles to the river."""
THRUST: Final = 1.6
"""Metres a second that paddling forward adds."""
BRAKED: Final = 0.6
"""The share of the current's speed left with the paddle set against it."""
KICK: Final = 0.9
CALM_S: Final = 0.5
"""How boils grow and fade: an Ornstein-Uhlenbeck walk whose spread is about 0.7 of `Rapid.boil`."""
SHORE: Final = HALF_WIDTH - BEAM
STEER: Final = LEFT | RIGHT


def drift(boat: Afloat, held: Held, dt: float, chance: float) -> tuple[Kayak, float]:
    """The kayak and the boil's push after `dt` seconds; `chance` is a fresh number in [0, 1).

    Written in one piece, and with locals: a crowd of thousands spends a third of its time here.
    """
    rapid, kayak, surge = boat.rapid, boat.kayak, boat.surge
    x, y, vx, vy, heading = kayak.x, kayak.y, kayak.vx, kayak.vy, kayak.heading
    surge = surge + rapid.boil * KICK * (chance - 0.5) - surge * dt / CALM_S
    out = x / HALF_WIDTH
    ahead, grip = rapid.current * (1.0 - BANK_SLACK * out * out), SWEEP
    for rock in boat.ahead:
        behind = y - rock.y
        if behind <= 0.0:
            break
        if behind < WAKE * rock.radius and -rock.radius < x - rock.x < rock.radius:
            ahead *= WAKE_SLACK
            break
    drops, next_drop = rapid.drops, boat.next_drop
    if next_drop < len(drops) and y >= drops[next_drop]:
        ahead, grip = ahead * LEDGE_FALL, SWEEP * LEDGE_GRIP
    steer = held & STEER
    if steer == LEFT:
        heading = max(heading - (TURN_BRAKED if held & BRAKE else TURN) * dt, -LEAN)
    elif steer == RIGHT:
        heading = min(heading + (TURN_BRAKED if held & BRAKE else TURN) * dt, LEAN)
    else:
        heading *= 1.0 - STRAIGHTEN * dt
    if held & FORWARD:
        ahead += THRUST
    if held & BRAKE:
        ahead *= BRAKED
    follow = dt / (LAG_S + dt)
    vx += (rapid.cross_at(y) + surge + grip * sin(heading) - vx) * follow
    vy += (ahead - vy) * follow
    x += vx * dt
    if x >= SHORE or x <= -SHORE:
        x, vx = (SHORE if x > 0.0 else -SHORE), 0.0
    return Kayak(x, y + vy * dt, vx, vy, heading, kayak.hull), surge
