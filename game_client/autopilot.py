"""A competent paddler: looks at what a person could see, and says what it would hold now.

It aims for the next gate, leans around the first rock in its way, and brakes when there is not enough water left to get
across. It has no memory and no dice; reaction time, noise and lapses are for those who want to be human.
"""

from typing import Final

from game_client.state import BEAM, BRAKE, FORWARD, HALF_WIDTH, LEFT, RIGHT, Afloat, Held, Rock
from game_client.water import SWEEP

ROOM: Final = 0.25
"""Metres it keeps from a rock's edge when it can."""
LOOK_S: Final = 1.6
"""Seconds ahead that it looks for rocks."""
LATE: Final = 0.85
"""The share of its full sideways speed above which it brakes."""
CLOSE: Final = 0.16
"""Radians off the wanted heading that it lets be before it takes up the paddle; once it paddles, it goes on to 0."""


def steer(boat: Afloat) -> Held:
    """What a competent paddler holds in this moment."""
    kayak, gates = boat.kayak, boat.rapid.gates
    x, y, vx, vy = kayak.x, kayak.y, kayak.vx, max(kayak.vy, 0.5)
    if boat.next_gate < len(gates):
        gate = gates[boat.next_gate]
        aim, until = gate.x, (gate.y - y) / vy
    else:
        aim, until = 0.0, 3.0
    for rock in boat.ahead:
        ahead = rock.y - y
        if ahead < -0.4:
            continue
        due = ahead / vy
        if due > LOOK_S or due > until:
            break
        reach = rock.radius + BEAM + ROOM
        share = due / until if until > 0.0 else 1.0
        if abs(x + (aim - x) * share - rock.x) < reach or abs(x + vx * due - rock.x) < reach:
            aim, until = _around(rock, x, aim, reach), due
            break
    return _paddle(boat, aim - x, until)


def _around(rock: Rock, x: float, aim: float, reach: float) -> float:
    """The nearer way past a rock, on the side of the aim when both are near."""
    left, right = rock.x - reach, rock.x + reach
    if right > HALF_WIDTH - BEAM:
        return left
    if left < BEAM - HALF_WIDTH:
        return right
    middle = 0.7 * x + 0.3 * aim
    return left if middle < rock.x else right


def _paddle(boat: Afloat, across: float, until: float) -> Held:
    """The paddle that brings the kayak `across` metres within `until` seconds."""
    kayak, rapid = boat.kayak, boat.rapid
    wanted = across / max(until - 0.15, 0.25) - rapid.cross_at(kayak.y) - boat.surge
    share = wanted / SWEEP
    held = 0
    if abs(share) > LATE and until < 3.0:
        held = BRAKE
    elif abs(share) < 0.2 and kayak.vy < rapid.current:
        held = FORWARD
    off = min(max(share, -0.89), 0.89) - kayak.heading
    if off > (0.0 if boat.held & RIGHT else CLOSE):
        return held | RIGHT
    if off < (0.0 if boat.held & LEFT else -CLOSE):
        return held | LEFT
    return held
