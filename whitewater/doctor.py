"""`whitewater doctor`: what this machine lacks, and the command that mends it."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from infra.local import checkup
from whitewater import say
from whitewater.manners import UNREACHABLE, FailedError
from whitewater.settings import home

MARKS = {"fine": "[green]fine[/]", "wish": "[yellow]wish[/]", "lack": "[bold red]lack[/]"}


def doctor(*, json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """Look this machine over: what is missing, and the command that mends it."""
    findings = checkup.examine(home())
    if json:
        say.put([_as_json(finding) for finding in findings])
    else:
        console = say.console()
        for finding in findings:
            console.print(MARKS[finding.state], escape(finding.what), sep="  ")
            if finding.mend:
                console.print("      [dim]mend with:[/]", escape(finding.mend))
    lacking = [finding.what for finding in findings if finding.state == "lack"]
    if lacking:
        sentence = f"{len(lacking)} of {len(findings)} things are missing: mend them as said above."
        raise FailedError(sentence, UNREACHABLE)


def _as_json(finding: checkup.Finding) -> dict[str, Any]:
    return {"what": finding.what, "state": finding.state, "mend": finding.mend}
