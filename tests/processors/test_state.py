"""Players that an earlier worker wrote down are read by this one."""

from base64 import b85decode
from typing import Final

from processors.player import signals
from processors.state import read, read_kept, write
from tests.processors.river import folded, stroke, told

FORMAT_1: Final = b85decode(
    "mjNk}m7{YlF$j?d2g^a)!2mG;007GX000000001-l%sPkG0Q>P!2mBn007HCMt}eS0002OlFL7l5fKp)5fRHk000000001!%K!iX000000LwrByc}z$"
    "J0#0M000000001#%K!iX000000LuUX00000005|Bb!lv5Uv+TH0000000000mI49-0?PmZ00000006_20?R-y00000007HCMt}eS0001z%RlVQ%*@Qp&C"
    "5UV00000005KAzqr?-H;93R%RlO}Sm#Bmkphzc0+Iowa&Kd6!vF@6jHGmVaAmf4XlZn1cVTp8axQapa&K#8E^T3CWvg>=Wn*?_a&u{KZlf_SFrsN>rE@J"
    "YEjXrgZ*_8GWwkGNXlZn1cVTp8axZ6LZDlWXWpi|=b9G{BWn*-sa4j*UbZKp6*8gh+0K~6kVRT_*Z*FvDZgg~caAmMzaBysCV_|e@Z*DJYb8l{`b7gaLX>"
    "V?6WTSH}F{pE8adl;GV`T`caBN|DWpZn2Ze*ikZ*;0;VRT`0V`yb<VY@GLV`yb<VRJ8YbaHQNWiD-DWMwZgE^2dcZlq*kbYX+0VPkY@Z*HV)WoC4%a%Ev"
    "-bZKvHUu|>1t8-y(aBO8{a$$630R"
)
"""Rapid 1 cleared (difficulty -1), 2 lost by a rock (0.5) and tried again (0), a stroke at 2 s; of those at 50 and 52 s
the first is missing, so the second waits. Written at offset 41 by the worker of that format."""


def test_a_player_of_format_1_goes_on() -> None:
    """One cleared, one lost: success (0.9 + 1) / (1.9 + 2); 15 s and 7 s on rapid 2; its session counts as first."""
    kept = read_kept(FORMAT_1)
    belief = signals(kept.player)
    assert kept.offset == 41
    assert (belief.rounds, belief.streak, belief.last3, belief.rapid, belief.attempt) == (2, -1, 0b10, 2, 2)
    assert belief.newest_outcome == "swamped"
    assert (belief.success, belief.stuck_s, belief.sessions) == ((0.9 + 1) / (1.9 + 2), 22.0, 1)
    assert 0.0 < belief.boredom < 1.0
    assert 0.0 < belief.frustration < 1.0 < belief.engagement


def test_what_waited_in_format_1_still_finds_its_place() -> None:
    """The missing stroke comes, both count, and the player is written as any other from then on."""
    missing = told((50.0, stroke()), first=7)
    player = folded(missing, read(FORMAT_1))
    assert (player.waiting, player.heard[0].events) == ((), 8)
    assert read(write(player, 42)) == player
