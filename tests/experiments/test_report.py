"""From a folder of cells to four files, and the same four files again."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from experiments.evidence import BadCellError, Evidence
from experiments.report import report
from experiments.results import Results
from tests.experiments.invented import TERMS, cell, write


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@cache
def cells() -> tuple[Evidence, ...]:
    """Two families with a seed each."""
    return (cell({"P2": 0.1}), cell({"P2": 0.0}, family="F7"))


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    """A run that was played."""
    for of in cells():
        write(tmp_path, of)
    return tmp_path


def test_a_folder_of_cells_becomes_results_figure_page_and_words(folder: Path) -> None:
    """Four files; results.json reads back as what was found, and a second time nothing changes."""
    page = report(folder, TERMS)
    first = {name: (folder / name).read_bytes() for name in ("results.json", "figure.svg", "report.html", "words.md")}
    found = msgspec.json.decode(first["results.json"], type=Results)
    assert page == folder / "report.html"
    assert [(of.family, of.policy) for of in found.comparisons] == [("F1", "P2"), ("F7", "P2")]
    assert (found.seeds, found.made.versions, found.made.rounds) == ((1,), {"whitewater": "0.1.0"}, 2000)
    report(folder, TERMS)
    assert first == {name: (folder / name).read_bytes() for name in first}


def test_the_page_stands_alone_and_says_in_a_table_what_the_figure_shows(folder: Path) -> None:
    """No script, nothing from elsewhere, a language, a figure with a name, tables with captions."""
    text = report(folder, TERMS).read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    names = [tag for tag, _ in tags.seen]
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert not [attrs for _, attrs in tags.seen if {"src", "href", "onload", "onclick"} & set(attrs)]
    assert ("html", {"lang": "en"}) in tags.seen
    assert names.count("svg") == 2
    assert names.count("table") == names.count("caption") == 3
    ids = [attrs["id"] for _, attrs in tags.seen if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert text.index("<h2>Harm</h2>") < text.index("<svg") < text.index('<th scope="row">P2, F1</th>')


def test_a_family_named_by_a_stranger_cannot_write_into_the_page(tmp_path: Path) -> None:
    """Names come from files that others wrote."""
    write(tmp_path, cell({"P2": 0.1}, family="<b>F9&"))
    text = report(tmp_path, TERMS).read_text(encoding="utf-8")
    assert "<b>" not in text
    assert "With &lt;b&gt;F9&amp;" in text


def test_nothing_played_is_said_in_a_sentence(tmp_path: Path) -> None:
    """An empty folder is no empty report."""
    with pytest.raises(BadCellError, match="nothing was played there"):
        report(tmp_path, TERMS)


def test_a_cell_without_its_arrays_is_named(folder: Path) -> None:
    """As is one whose page is no JSON."""
    (folder / "cells" / "F1-1.npz").unlink()
    with pytest.raises(BadCellError, match=r"F1-1\.npz cannot be read"):
        report(folder, TERMS)
    (folder / "cells" / "F1-1.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadCellError, match=r"F1-1\.json does not say what was played"):
        report(folder, TERMS)


def test_a_broken_archive_is_named(folder: Path) -> None:
    """A disk that was full leaves half a file."""
    (folder / "cells" / "F1-1.npz").write_bytes(b"PK\x03\x04half")
    with pytest.raises(BadCellError, match=r"F1-1\.npz cannot be read"):
        report(folder, TERMS)
