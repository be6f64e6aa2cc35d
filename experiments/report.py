"""The door through which cells come in and the report goes out: results.json, figure.svg, report.html and words.md.

It refuses to judge (`judgement`) and to tell (`words`, `figure`, `sheet`). Strange: it reads one family at a time and
lets its arrays go before the next, so that a run of 160,000 players an arm fits into a small machine; and what it
writes depends on the cells alone, so writing it twice changes nothing.
"""

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from zipfile import BadZipFile

import msgspec
import numpy as np

from experiments.evidence import BadCellError, Evidence, Meta, evidence
from experiments.judgement import judge, judge_family
from experiments.pairs import Terms
from experiments.results import Results, by_family
from experiments.sheet import figure, page
from experiments.words import markdown

TERMS = Terms()


def report(folder: Path, terms: Terms = TERMS) -> Path:
    """Judges the cells below `folder`, writes what was found beside them, and answers where the page is.

    Raises BadCellError when there are no cells, or when one is not what it should be.
    """
    results = found(folder, terms)
    told = {
        "results.json": msgspec.json.format(msgspec.json.encode(results), indent=2).decode() + "\n",
        "figure.svg": figure(results),
        "words.md": markdown(results),
        "report.html": page(results),
    }
    for name, text in told.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "report.html"


def found(folder: Path, terms: Terms) -> Results:
    """What the cells below `folder` amount to."""
    beside = sorted((folder / "cells").glob("*.json"))
    metas = sorted(((_meta(path), path) for path in beside), key=lambda each: (by_family(each[0].family), each[0].seed))
    if not metas:
        sentence = f"no cells in {folder / 'cells'}: nothing was played there"
        raise BadCellError(sentence)
    newest = max(path.stat().st_mtime for path in beside)
    families = [
        judge_family(list(_cells(list(of))), terms) for _, of in groupby(metas, key=lambda each: each[0].family)
    ]
    played = datetime.fromtimestamp(int(newest), UTC).isoformat().replace("+00:00", "Z")
    return judge(families, [meta for meta, _ in metas], terms, played)


def _meta(path: Path) -> Meta:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Meta)
    except msgspec.DecodeError as fault:
        sentence = f"{path} does not say what was played: {fault}"
        raise BadCellError(sentence) from fault


def _cells(metas: list[tuple[Meta, Path]]) -> Iterator[Evidence]:
    for meta, path in metas:
        try:
            with path.with_suffix(".npz").open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                yield evidence(meta, arrays)
        except (OSError, ValueError, BadZipFile, zlib.error) as fault:
            sentence = f"{path.with_suffix('.npz')} cannot be read: {fault}"
            raise BadCellError(sentence) from fault
