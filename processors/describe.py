"""The signals as a table, for those who do not read Python.

`python -m processors.describe` writes the made parts of docs/engagement.md: the range of each signal from the contract,
its unit and window from the `TELLS` of the file that defines it, its formula from that file's first page, and the
weights of the hazard; a test compares, so the page cannot say anything the code does not.
"""

import inspect
import pkgutil
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final, cast

from msgspec import inspect as types

from contract.describe import fill, write
from contract.graph import FEATURES
from contract.signals import FORMULA, Signals
from processors import life, signals
from processors.signals.hazard import PUBLISHED
from processors.signals.told import Told

COMMAND: Final = "python -m processors.describe"
PAGE: Final = "docs/engagement.md"
FIELDS: Final = {field.name: field.type for field in cast("types.StructType", types.type_info(Signals)).fields}


def files() -> list[ModuleType]:
    """The files that define signals, in the order in which the contract names their first."""
    found = [import_module(f"{signals.__name__}.{each.name}") for each in pkgutil.iter_modules(signals.__path__)]
    telling = [module for module in (*found, life) if hasattr(module, "TELLS")]
    names = list(FIELDS)
    return sorted(telling, key=lambda module: min(names.index(told.name) for told in tells(module)))


def tells(module: ModuleType) -> tuple[Told, ...]:
    """What a file says of its signals."""
    return module.TELLS  # type: ignore[no-any-return]  # a module's attributes are known as Any


def formula(module: ModuleType) -> list[str]:
    """The indented lines of a file's first page, which are its formulas."""
    return [" ".join(line.split()) for line in (inspect.getdoc(module) or "").splitlines() if line.startswith("    ")]


def span(of: types.Type) -> str:
    """The range of a field of the contract, in words."""
    match of:
        case types.IntType() | types.FloatType():
            return f"{of.ge:,.0f} to {of.le:,.0f}"
        case types.LiteralType():
            return ", ".join(str(value) for value in of.values)
        case types.UnionType():
            return ", ".join(span(member) for member in of.types)
        case types.NoneType():
            return "none"
        case _:
            return "true, false"


def table() -> str:
    """A row for each file that defines signals."""
    rows = [
        f"Version of the definitions: `{FORMULA}`.",
        "",
        "| signal | range | unit | window | formula | file |",
        "| --- " * 6 + "|",
    ]
    for module in files():
        told, name = tells(module), module.__name__.replace(".", "/") + ".py"
        cells = [
            [f"`{each.name}`" for each in told],
            [span(FIELDS[each.name]) for each in told],
            [each.unit for each in told],
            [each.window for each in told],
            [f"`{line}`" for line in formula(module)] or ["a count, a copy or a rule: see the file"],
            [f"[{Path(name).name}](../{name})"],
        ]
        rows.append("| " + " | ".join("<br>".join(cell) for cell in cells) + " |")
    return "\n".join(rows)


def weights() -> str:
    """The hazard's weights, one for each feature."""
    head = ["| " + " | ".join(f"`{feature}`" for feature in FEATURES) + " |", "| --- " * len(FEATURES) + "|"]
    return "\n".join([*head, "| " + " | ".join(f"{weight:g}" for weight in PUBLISHED) + " |"])


def page(root: Path) -> str:
    """docs/engagement.md as it should be now."""
    return fill((root / PAGE).read_text(encoding="utf-8"), {"signals": table(), "weights": weights()})


def main(root: Path) -> None:
    """Write the page if its text has changed, and say so."""
    write({root / PAGE: page(root)}, root)


if __name__ == "__main__":
    main(Path(__file__).resolve().parents[1])
