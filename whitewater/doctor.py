"""`whitewater doctor`: what this machine lacks, and the command that mends it."""

from typing import Annotated, Any

import typer
from rich.console import Console

from infra.local import checkup
from whitewater.manners import UNREACHABLE, FailedError
from whitewater.say import say_json
from whitewater.settings import home

MARKS = {"fine": "[green]fine[/]", "wish": "[yellow]wish[/]", "lack": "[bold red]lack[/]"}


def doctor(*, json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """Look this machine over: what is missing, and the command that mends it."""
    findings = checkup.examine(home())
    if json:
        say_json([_as_json(finding) for finding in findings])
    else:
        console = Console(highlight=False)
        for finding in findings:
            console.print(f"{MARKS[finding.state]}  {finding.what}")
            if finding.mend:
                console.print(f"      [dim]mend with:[/] {finding.mend}")
    lacking = [finding.what for finding in findings if finding.state == "lack"]
    if lacking:
        sentence = f"{len(lacking)} of {len(findings)} things are missing: mend them as said above."
        raise FailedError(sentence, UNREACHABLE)


def _as_json(finding: checkup.Finding) -> dict[str, Any]:
    return {"what": finding.what, "state": finding.state, "mend": finding.mend}
