"""Two people of one machine start a stack in the same moment: both get one, and neither gets the other's."""

from pathlib import Path

import msgspec

from infra.local.stack import Stack
from tests.system.command import run, started


def test_two_stacks_that_start_at_once_share_no_port(tmp_path: Path) -> None:
    """Both want the usual ports; whoever finds another's answer there goes elsewhere."""
    homes = [tmp_path / name for name in ("one", "another")]
    try:
        with started(homes[0], "up") as first, started(homes[1], "up") as second:
            said = [stack.communicate(timeout=90)[0] for stack in (first, second)]
        assert [first.returncode, second.returncode] == [0, 0], said
        stacks = [msgspec.json.decode((home / "stack.json").read_bytes(), type=Stack) for home in homes]
        addresses = [{stack.kafka, stack.redis, stack.api, *map(str, stack.workers.values())} for stack in stacks]
        assert not addresses[0] & addresses[1]
        assert not set(stacks[0].pids.values()) & set(stacks[1].pids.values())
    finally:
        for home in homes:
            run(home, "down")
