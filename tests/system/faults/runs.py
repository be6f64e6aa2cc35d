"""Faults through the verb, as anybody would ask for them, with a site of their own."""

import json
from pathlib import Path

from tests.system import command

RUNS = 3


def every_promise_holds(home: Path, *faults: str, within_s: float = 400.0) -> None:
    """Three seeded runs of each of these faults: nothing lost, nothing doubled, nothing violated, and nothing left."""
    asked = [word for fault in faults for word in ("--fault", fault)]
    ran = command.run(home, "fault", "run", *asked, "--runs", str(RUNS), "--json", within_s=within_s)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    told = json.loads(ran.stdout)["faults"]
    assert {name: figures["runs"] for name, figures in told.items()} == dict.fromkeys(faults, RUNS)
    for figures in told.values():
        assert figures["acknowledged"] > 0
        assert len(figures["blunt"]) < RUNS
        assert (figures["lost"], figures["doubled"], figures["violations"]) == (0, 0, [])
    assert command.of_this_home(home) == []
