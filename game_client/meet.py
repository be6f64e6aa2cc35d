"""What the kayak meets: rocks that take hull, gates to thread, eddies and gifts to catch.

Everything on a rapid is sorted by its place down the river, and the world remembers the first of each kind that is
still to come: a step looks at what is near and at nothing else. Each rule answers with the new world and what happened.
"""

from math import copysign, hypot
from typing import Final

from msgspec.structs import replace

from contract.events import EddyCaught, GateMissed, GatePassed, RockHit, RockPassed, StrokeMade
from game_client.state import (
    BEAM,
    BRAKE,
    FORWARD,
    HALF_WIDTH,
    HULL,
    LEFT,
    RIGHT,
    SIGHT,
    Happening,
    Held,
    Rock,
    World,
)
from game_client.water import LEDGE

Told = tuple[Happening, ...]

PASSED: Final = 4.0
"""Metres behind the kayak where a rock is left astern: its slack ends after 2.5 m, and a knock throws nobody back
further than 1.5 m, so nothing of it is met again."""
ASTERN: Final = 14.0
"""Metres behind the kayak where a rock is forgotten."""
HAIR: Final = 0.01
"""Metres by which a look comes rather too early: what is near is then compared exactly."""
SAFE_S: Final = 1.0
EDDY_NEAR: Final = 2.0
"""Metres before an eddy's middle from which it is looked at in every step."""
NEAR_MISS: Final = 0.7
"""Metres of clearance below which passing a rock is told and pays."""
NEAR_MISS_SCORE: Final = 15
GATE_SCORE: Final = 100
COMBO_STEP: Final = 0.25
"""How much more each gate in a row pays."""
COMBO_TOP: Final = 8
MISS_COST: Final = 50
THREAT_S: Final = 2.0
"""Seconds ahead that the present course is looked along for a rock."""
THREAT_ROOM: Final = 0.25
REST_S: Final = 6.0
REST_PACE: Final = 0.15
ACTIONS: Final = ((LEFT, "left"), (RIGHT, "right"), (FORWARD, "forward"), (BRAKE, "brake"))


def gate_score(combo: int, *, golden: bool = False) -> int:
    """What a gate pays as the `combo`-th in a row, from 1."""
    pay = GATE_SCORE * (1.0 + COMBO_STEP * (min(combo, COMBO_TOP) - 1))
    return round(pay * (2 if golden else 1))


def sight(world: World) -> World:
    """Rocks come into sight, thinned by the pace asked for now; others are left astern, and forgotten far astern."""
    rocks, y = world.rapid.rocks, world.kayak.y
    ahead, astern, seen, horizon = world.ahead, world.astern, world.next_rock, y + SIGHT
    pace = min(world.pace, REST_PACE) if world.clock < world.rest_until else world.pace
    while seen < len(rocks) and rocks[seen].y < horizon:
        if rocks[seen].least_pace <= pace:
            ahead = (*ahead, rocks[seen])
        seen += 1
    while ahead and ahead[0].y < y - PASSED:
        ahead, astern = ahead[1:], (*astern, ahead[0])
    while astern and astern[0].y < y - ASTERN:
        astern = astern[1:]
    return replace(world, ahead=ahead, astern=astern, next_rock=seen)


def next_look(world: World) -> float:
    """Metres down the rapid at which the next thing wants a look: a rock to sight or to leave, a gate, eddy, or end."""
    rapid = world.rapid
    at = rapid.length
    if world.ahead:
        at = min(at, world.ahead[0].y + PASSED)
    if world.next_rock < len(rapid.rocks):
        at = min(at, rapid.rocks[world.next_rock].y - SIGHT)
    if world.next_gate < len(rapid.gates):
        at = min(at, rapid.gates[world.next_gate].y)
    if world.next_eddy < len(rapid.eddies):
        at = min(at, rapid.eddies[world.next_eddy].y - EDDY_NEAR)
    if world.next_drop < len(rapid.drops):
        at = min(at, rapid.drops[world.next_drop] + LEDGE)
    return at - HAIR


def stroke(world: World, held: Held) -> tuple[World, Told]:
    """A change of paddle action; the first stroke against a threat says how long it took."""
    made = held & ~world.held
    if not made:
        return replace(world, held=held), ()
    reaction_ms = None
    since, answered = world.threat_since, world.answered
    if since >= 0.0 and made & (LEFT | RIGHT | BRAKE):
        reaction_ms = round((world.clock - since) * 1000.0, 1)
        since, answered = -1.0, world.kayak.y + world.kayak.vy * THREAT_S
    told = tuple(StrokeMade(action, reaction_ms) for bit, action in ACTIONS if made & bit)  # type: ignore[arg-type] # the table's words are the Literal's
    return replace(world, held=held, threat_since=since, answered=answered), told


def meet_rocks(world: World, from_y: float) -> tuple[World, Told]:
    """Knocks, near misses, and the first sight of a rock on the present course; the step began at `from_y`."""
    told: Told = ()
    kayak = world.kayak
    x, y = kayak.x, kayak.y
    for rock in world.ahead:
        ahead = rock.y - y
        if ahead > 2.0:
            if world.threat_since < 0.0 and rock.y > world.answered:
                world = _watch(world, rock)
            break
        if ahead < -2.0:
            continue
        aside, reach = x - rock.x, rock.radius + BEAM
        if aside * aside + ahead * ahead < reach * reach:
            world, knock = knocked(world, rock)
            told += knock
        elif ahead <= 0.0 and from_y < rock.y:
            world, miss = _passed(world, rock)
            told += miss
    return world, told


def knocked(world: World, rock: Rock) -> tuple[World, Told]:
    """The kayak is thrown off a rock; the hull takes it, but for a second after the last knock."""
    kayak = world.kayak
    aside, along = kayak.x - rock.x, kayak.y - rock.y
    aside = aside if abs(aside) > 0.05 else 0.05
    away = hypot(aside, along)
    reach = rock.radius + BEAM
    x = min(max(rock.x + aside / away * reach, BEAM - HALF_WIDTH), HALF_WIDTH - BEAM)
    thrown = replace(kayak, x=x, y=rock.y + along / away * reach, vx=kayak.vx + copysign(2.0, aside), vy=kayak.vy * 0.5)
    if world.clock < world.safe_until:
        return replace(world, kayak=thrown), ()
    left = kayak.hull - 1
    world = replace(
        world,
        kayak=replace(thrown, hull=left),
        combo=0,
        struck=rock,
        safe_until=world.clock + SAFE_S,
        threat_since=-1.0,
    )
    return world, (RockHit(rock.x / HALF_WIDTH, rock.y, 1, left),)


def _passed(world: World, rock: Rock) -> tuple[World, Told]:
    if rock is world.struck:
        return world, ()
    clearance = abs(world.kayak.x - rock.x) - rock.radius - BEAM
    world = replace(world, threat_since=-1.0) if world.threat_since >= 0.0 else world
    if clearance > NEAR_MISS:
        return world, ()
    told = RockPassed(rock.x / HALF_WIDTH, rock.y, round(max(clearance, 0.0), 3))
    return replace(world, score=world.score + NEAR_MISS_SCORE), (told,)


def _watch(world: World, rock: Rock) -> World:
    kayak = world.kayak
    until = (rock.y - kayak.y) / max(kayak.vy, 0.5)
    if until < THREAT_S and abs(kayak.x + kayak.vx * until - rock.x) < rock.radius + BEAM + THREAT_ROOM:
        return replace(world, threat_since=world.clock)
    return world


def meet_gate(world: World) -> tuple[World, Told]:
    """The kayak is level with the next gate: through it, or past it."""
    gate = world.rapid.gates[world.next_gate]
    number = world.next_gate + 1
    aside = world.kayak.x - gate.x
    offset = min(max(aside / HALF_WIDTH, -1.0), 1.0)
    if abs(aside) <= gate.half_width:
        combo = world.combo + 1
        score = world.score + gate_score(combo, golden=world.golden)
        world = replace(world, next_gate=number, combo=combo, score=score, gates_passed=world.gates_passed + 1)
        return world, (GatePassed(number, offset, combo),)
    score = max(world.score - MISS_COST, 0)
    world = replace(world, next_gate=number, combo=0, score=score, gates_missed=world.gates_missed + 1)
    return world, (GateMissed(number, offset, 0),)


def meet_eddy(world: World) -> tuple[World, Told]:
    """The next eddy is near: catch what lies in it, or leave it astern."""
    eddy, kayak = world.rapid.eddies[world.next_eddy], world.kayak
    if kayak.y > eddy.y + eddy.radius:
        return replace(world, next_eddy=world.next_eddy + 1), ()
    if hypot(kayak.x - eddy.x, kayak.y - eddy.y) > eddy.radius + BEAM:
        return world, ()
    world = replace(world, next_eddy=world.next_eddy + 1)
    match eddy.item:
        case "breather":
            world = replace(world, rest_until=world.clock + REST_S, surge=0.0)
        case "repair":
            world = replace(world, kayak=replace(kayak, hull=min(kayak.hull + eddy.value, HULL)))
        case "star":
            world = replace(world, score=world.score + eddy.value)
    return world, (EddyCaught(eddy.item, eddy.value),)
