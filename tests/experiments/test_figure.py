"""The figure shows every number where it lies, harm at the top, and reads as words."""

from functools import cache
from xml.etree import ElementTree as ET

import msgspec
import pytest

from experiments.figure import LEFT, RIGHT, Row, Scale, closer, draw, numbers, overview
from experiments.results import Results
from tests.experiments.invented import cell, results
from tests.experiments.test_words import HARM, NULL, SAME, WIN

SVG = "{http://www.w3.org/2000/svg}"


@cache
def found() -> Results:
    """One harm in a good arm of F1, and the indifferent."""
    return results(cell({"P3": 0.2}, unlucky={"P3": -0.1}), cell({"P3": 0.0}, family="F7"))


def drawn(*rows: Row) -> ET.Element:
    """The figure, read back."""
    return ET.fromstring(draw(rows, "A title"))  # noqa: S314 - our own text


def words(of: ET.Element) -> list[str]:
    """Every text of the figure, from top to bottom as it was written."""
    return [each.text or "" for each in of.iter(f"{SVG}text")]


def test_harm_stands_in_the_first_lines_even_that_of_a_group() -> None:
    """Then every policy by family, the indifferent last."""
    assert [row.name for row in overview(found())] == [
        "Harmful", "P3, F1, lowest third", "With F1", "P3", "With F7", "P3",
    ]  # fmt: skip


def test_the_indifferent_stand_last_whatever_others_are_called() -> None:
    """A family from outside comes before them, for zero is looked for at the bottom."""
    rows = overview(results(cell({"P2": 0.0}, family="F7"), cell({"P2": 0.1}, family="Moody")))
    assert [row.name for row in rows if row.estimate is None] == ["Harmful: none", "With Moody", "With F7"]


def test_no_harm_is_said_in_the_first_line() -> None:
    """An empty place at the top could be an oversight."""
    assert overview(results(cell({"P2": 0.1})))[0].name == "Harmful: none"


def test_the_published_band_and_zero_lie_where_the_scale_says() -> None:
    """From -2 to +10 % on 410 units, 1 % is 34.17: zero at 318.3, the band from 328.6 to 625.8."""
    scale = Scale.around([WIN, msgspec.structs.replace(NULL, low=-0.011)])
    assert (scale.low, scale.high, scale.step) == pytest.approx((-0.02, 0.1, 0.02))
    assert (scale.x(0.0), scale.x(0.003), scale.x(0.09)) == (318.3, 328.6, 625.8)
    band = drawn(Row("P2", WIN), Row("P3", msgspec.structs.replace(NULL, low=-0.011))).find(f"{SVG}rect[@class='band']")
    assert band is not None
    assert (band.get("x"), band.get("width")) == ("328.6", "297.2")


def test_every_interval_lies_within_the_plot() -> None:
    """However far it reaches."""
    wild = msgspec.structs.replace(WIN, lift=1.2, low=-0.7, high=3.4)
    scale = Scale.around([wild])
    assert LEFT <= scale.x(-0.7) < scale.x(3.4) <= RIGHT
    assert len(scale.ticks()) <= 11


def test_each_verdict_has_a_shape_of_its_own() -> None:
    """A triangle, a dot, a ring and a bar: four shapes without their colours, twice with the legend."""
    marks = {"harmful": HARM, "better": WIN, "not shown": NULL, "nothing": SAME}
    figure = drawn(*(Row(name, estimate) for name, estimate in marks.items()))
    assert len(figure.findall(f"{SVG}path")) == 2
    assert [circle.get("r") for circle in figure.findall(f"{SVG}circle")] == ["5", "4", "5", "4"]
    assert len(figure.findall(f"{SVG}line[@class='same']")) == 2


def test_the_indifferent_are_drawn_at_zero_without_an_interval() -> None:
    """A bar on the line of zero, and the words `exactly 0`."""
    figure = drawn(Row("P2", SAME))
    bar, zero = figure.find(f"{SVG}line[@class='same']"), Scale.around([SAME]).x(0.0)
    assert bar is not None
    assert bar.get("x1") == str(zero)
    assert "exactly 0" in words(figure)


def test_the_figure_reads_as_words() -> None:
    """A title and a description with every number, for whoever does not see it."""
    figure = drawn(Row("With F1"), Row("P2", WIN), Row("P3", NULL))
    assert figure.get("role") == "img"
    assert figure.get("aria-labelledby") == "figure-title figure-words"
    assert [figure.findtext(f"{SVG}{part}") for part in ("title", "desc")] == [
        "A title",
        "With F1. P2: +4.2 % (+3.9 to +4.6). P3: +0.2 % (-0.3 to +0.7).",
    ]


def test_a_family_cannot_write_into_the_figure() -> None:
    """A name from somebody's file is text, whatever it holds."""
    assert "<script>" in words(drawn(Row("<script>", WIN)))


def test_the_same_numbers_are_the_same_bytes() -> None:
    """No date, no dice, no version."""
    assert draw(overview(found()), "A title") == draw(overview(found()), "A title")


def test_the_closer_figure_has_every_group_of_every_policy() -> None:
    """Three thirds and two personas, twice, each below its policy."""
    rows = closer(found().comparisons)
    assert len(rows) == 12
    assert [row.name for row in rows[:3]] == ["P3 with F1", "lowest third", "middle third"]


def test_digits_follow_the_interval() -> None:
    """A tenth of a percent where the interval is wider than .2 %, a hundredth where it is not."""
    assert numbers(msgspec.structs.replace(WIN, low=0.0415, high=0.0425)) == "+4.20 % (+4.15 to +4.25)"
