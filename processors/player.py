"""`step(player, event) -> (player, signals)`: the fold over one player's events, each taken once and in its order.

The stream promises at least once, and order only while nothing goes wrong. Here both are made whole, per session, by
the numbers that the game put on its events:

- **Once.** `Heard` remembers, per session, the highest sequence and which of the 255 below it are missing. A number
  heard before changes nothing. What is older than that cannot be told from a repeat, so it is refused
  (`OutOfWindowError`), never guessed and never dropped in silence. Four sessions are remembered.
- **In order.** An event that comes before its turn waits, at most 10 s of event time and 64 events long, and counts
  already: `belief` is always `settled` with the waiting events absorbed on top. When the missing one comes, the
  waiting ones are absorbed again after it, so the value is the in-order value exactly, for every signal, pauses, pace
  and ratings included, which no decayed sum alone could give. What comes later still is kept and counted as late; so
  is a word of another session from before the newest of this one, as a game that crashed brings when it is next begun.

Strange: nothing here reads a clock. Ten seconds are ten seconds of what the player's events say.
"""

from typing import Final

from msgspec import Struct

from contract.events import Event
from contract.signals import Signals
from processors import belief as beliefs
from processors.belief import Belief
from processors.window import Heard, find

PATIENCE_S: Final = 10.0
PATIENCE_EVENTS: Final = 64


class Player(Struct, frozen=True):
    """Everything kept about one player; constant in size but for the few events that wait."""

    heard: tuple[Heard, ...] = ()
    """The sessions remembered, the one of the newest event first."""
    forgotten_s: float = 0.0
    """The newest event of any session no longer remembered (POSIX seconds)."""
    settled: Belief = Belief()
    """Every event up to `frontier`, in order."""
    frontier: int = 0
    """The sequence, in the session of `heard[0]`, up to which events are settled. Of use while some wait."""
    waiting: tuple[Event, ...] = ()
    """Events of that session that came before their turn, by sequence."""
    belief: Belief = Belief()
    """`settled` and, on top of it, what waits."""


def step(player: Player, event: Event) -> tuple[Player, Signals | None]:
    """The player after `event` and what we believe now, or the same player and None if it was heard before.

    Raises `OutOfWindowError` for an event too old to say whether it was.
    """
    after = advance(player, event)
    return (player, None) if after is player else (after, signals(after))


def signals(player: Player) -> Signals:
    """What we believe about `player` at the instant of the newest event."""
    return beliefs.read(player.belief)


def advance(player: Player, event: Event) -> Player:
    """`step` for whoever reads the signals once after many events; the very same player if it was heard before."""
    if player.heard and not player.waiting:
        heard = player.heard[0]
        if event.sequence == heard.highest + 1 and event.sessionid == heard.session:
            belief = beliefs.absorb(player.belief, event)
            heard = heard.next(belief.clock.last_s)
            return Player((heard, *player.heard[1:]), player.forgotten_s, belief, 0, (), belief)
    return _out_of_turn(player, event)


def _out_of_turn(player: Player, event: Event) -> Player:
    found = find(player.heard, player.forgotten_s, event)
    if found.heard.has(event.sequence):
        return player
    at_s = event.time.timestamp()
    heard = (found.heard.with_(event.sequence, at_s), *found.others)
    if player.heard and found.heard.session != player.heard[0].session:
        if at_s < player.heard[0].newest_s:  # it is late, and the present session goes on
            here, present, *others = heard
            return _late(player, (present, here, *others), found.forgotten_s, player.frontier, event)
        player = _turn_to(player, found.heard.highest)
    frontier = player.frontier if player.waiting else found.heard.highest
    if event.sequence <= frontier:
        return _late(player, heard, found.forgotten_s, frontier, event)
    ahead = Player(heard, found.forgotten_s, player.settled, frontier, player.waiting, player.belief)
    return _settle(_wait(ahead, event))


def _late(player: Player, heard: tuple[Heard, ...], forgotten_s: float, frontier: int, event: Event) -> Player:
    """What follows `event` is settled already: what needs no order is taken in, and what waits comes on top again."""
    settled = beliefs.absorb_late(player.settled, event)
    return Player(heard, forgotten_s, settled, frontier, player.waiting, beliefs.absorb_all(settled, player.waiting))


def _turn_to(player: Player, frontier: int) -> Player:
    """Another session speaks: whatever the last one still waits for is given up."""
    return Player(player.heard, player.forgotten_s, player.belief, frontier, (), player.belief)


def _wait(player: Player, event: Event) -> Player:
    waiting = player.waiting
    if not waiting or event.sequence > waiting[-1].sequence:
        belief = beliefs.absorb(player.belief, event)
        return Player(player.heard, player.forgotten_s, player.settled, player.frontier, (*waiting, event), belief)
    waiting = tuple(sorted((*waiting, event), key=lambda each: each.sequence))
    belief = beliefs.absorb_all(player.settled, waiting)
    return Player(player.heard, player.forgotten_s, player.settled, player.frontier, waiting, belief)


def _settle(player: Player) -> Player:
    """Whatever has its turn, or has waited long enough, is settled."""
    settled, frontier, waiting = player.settled, player.frontier, player.waiting
    newest_s = player.belief.clock.last_s
    while waiting:
        head = waiting[0]
        patient = len(waiting) <= PATIENCE_EVENTS and newest_s - head.time.timestamp() <= PATIENCE_S
        if head.sequence > frontier + 1 and patient:
            break
        settled, frontier, waiting = beliefs.absorb(settled, head), head.sequence, waiting[1:]
    if not waiting:
        settled = player.belief
    return Player(player.heard, player.forgotten_s, settled, frontier if waiting else 0, waiting, player.belief)
