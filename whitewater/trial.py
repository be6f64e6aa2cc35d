"""`whitewater trial start | show | stop`: policies held against each other on the river that runs.

What may be tried is the engagement API's to say; this verb asks it, and passes on its sentence.
"""

from typing import Annotated, Any

import msgspec
import typer
from rich.markup import escape
from rich.table import Table

from whitewater import say, server
from whitewater.manners import USAGE, FailedError

PATH = "/v1/experiment"
Address = Annotated[str | None, typer.Option("--server", help="The engagement API; default: the local stack's.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]

trial = typer.Typer(help="Hold policies against each other on the river that runs; nothing restarts.")


@trial.command()
def start(
    name: Annotated[str, typer.Argument(help="Of the trial; players are drawn by it, so it is used once.")],
    *,
    arm: Annotated[
        list[str], typer.Option(help="NAME=POLICY or NAME=POLICY:SHARE; again for more. The rest is shared evenly.")
    ],
    burn_in: Annotated[int, typer.Option(help="Rounds of a life under P0 in every arm, before its policy acts.")] = 0,
    address: Address = None,
    json: Json = False,
) -> None:
    """Start a trial: every process of the API follows within two seconds."""
    asked = {"name": name, "arms": arms_of(arm), "burn_in": burn_in}
    report(server.tell(server.find(address), PATH, msgspec.json.encode(asked)), json=json)


@trial.command()
def show(*, address: Address = None, json: Json = False) -> None:
    """Show how the running trial stands."""
    report(server.ask(server.find(address), PATH), json=json)


@trial.command()
def stop(*, address: Address = None, json: Json = False) -> None:
    """Stop the running trial; what it counted is kept."""
    report(server.tell(server.find(address), PATH, b"null"), json=json)


def arms_of(words: list[str]) -> list[dict[str, Any]]:
    """The arms that were asked for, as the API takes them; what no arm asked for is shared by those without a share.

    Raises `FailedError` when an arm has no policy, or a share is no number.
    """
    arms: list[dict[str, Any]] = []
    for word in words:
        name, _, rest = word.rpartition("=")
        policy, _, share = rest.partition(":")
        if not name or not policy:
            sentence = f"An arm is NAME=POLICY or NAME=POLICY:SHARE, not {word!r}."
            raise FailedError(sentence, USAGE)
        try:
            arms.append({"name": name, "policy": policy, "share": float(share) if share else None})
        except ValueError as fault:
            sentence = f"The share of arm {name!r} is a number from 0 to 1, not {share!r}."
            raise FailedError(sentence, USAGE) from fault
    open_arms = [arm for arm in arms if arm["share"] is None]
    left = 1.0 - sum(arm["share"] for arm in arms if arm["share"] is not None)
    for arm in open_arms:
        arm["share"] = max(left, 0.0) / len(open_arms)
    return arms


def report(answer: bytes, *, json: bool) -> None:
    """Says how the trial stands, from what the API answered."""
    told = msgspec.json.decode(answer)
    if json:
        say.put(told)
    elif told["trial"] is None:
        say.console().print("No trial runs.")
    else:
        say.console().print(_table(told))


def _table(told: dict[str, Any]) -> Table:
    ratio = told["srm"]
    fits = "ALARM: who was exposed does not fit the shares, believe no figure" if ratio["alarm"] else "shares fit"
    caption = f"{fits} (p {ratio['p']:.4f}); since {told['since']}"
    table = Table(title=escape(told["trial"]["name"]), caption=caption, title_justify="left", caption_justify="left")
    for column in ("arm", "policy", "players", "rounds", "lift, 95 %", "always-valid p"):
        table.add_column(column)
    for arm in told["arms"]:
        p = arm["p"]
        table.add_row(
            escape(arm["name"]),
            arm["policy"],
            str(arm["n"]),
            f"{arm['rounds']:.2f}",
            "control" if arm["control"] else _lift(arm["lift"]),
            "" if p is None else f"{p:.4f}",
        )
    return table


def _lift(lift: dict[str, float] | None) -> str:
    return f"{lift['lift']:+.1%} ({lift['low']:+.1%} to {lift['high']:+.1%})" if lift else "too few players"
