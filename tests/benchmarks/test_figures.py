"""What is made of measurements: medians, growth, the page of figures, the plot."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.benchmarks import page, plot
from tests.benchmarks.figures import Spread, interleaved, percentile, ratio, row
from tests.benchmarks.load import _length
from tests.benchmarks.sections.queries import exponent


def test_a_ratio_is_the_median_of_the_rounds() -> None:
    found = ratio([1.0, 8.0, 3.0], [2.0, 2.0, 2.0], float)
    assert (found.value, found.low, found.high) == (1.5, 0.5, 4.0)


def test_every_round_begins_with_another_subject() -> None:
    order: list[str] = []
    interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=3)
    assert order == ["a", "b", "b", "a", "a", "b"]


def test_a_number_is_judged_by_its_limit() -> None:
    assert row("k", "what", "SQLite", 10, 0.5, limit=0.45).holds is False
    assert row("k", "what", "SQLite", 10, 2.5, limit=2, at_least=True).holds is True
    assert row("k", "what", "SQLite", 10, Spread(1, 0, 2)).holds is None
    assert percentile([5, 1, 3], 0.95) == 5 and percentile([], 0.5) == 0


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_growth_is_read_off_as_an_exponent(power: float) -> None:
    assert exponent([(size, 0.03 * size**power) for size in (10_000, 100_000, 1_000_000)]) == pytest.approx(power)


def test_the_length_of_an_answer_is_known_from_its_head() -> None:
    assert _length(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel") == 43
    assert _length(b"HTTP/1.1 304 Not Modified\r\netag: x\r\n\r\n") == 38
    assert _length(b"HTTP/1.1 200 OK\r\nConte") == 0
    assert _length(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n") == 62


def figures(folder: Path, value: float) -> None:
    rows = [row("growth/x", "Car page", "SQLite", 10_000, value, limit=1.25).as_json()]
    details = {"growth": {"car page": [(10_000, 1.0, 0.9, 1.1), (100_000, value, value, value)]}}
    run: dict[str, Any] = {
        "made": "2026-11-21", "machine": {"cores": "2"}, "versions": {"python": "3.11"},
        "engines": {"SQLite": {"growth": {"rows": rows, "details": details}}},
    }  # fmt: skip
    (folder / "standard.json").write_text(json.dumps(run))


def test_writing_the_page_anew_keeps_what_people_wrote(tmp_path: Path) -> None:
    target = tmp_path / "performance.md"
    figures(tmp_path, 1.5)
    page.write(target, tmp_path)
    written = target.read_text()
    assert "| Car page | 10,000 | at most 1.25× | **1.5×** | **no** |" in written
    target.write_text(written.replace("Nothing yet.", "A smaller page.").replace("# Performance", "# How fast it is"))

    figures(tmp_path, 1.4)
    page.write(target, tmp_path)
    again = target.read_text()
    assert "A smaller page." in again and "# How fast it is" in again and "**1.4×**" in again and "1.5×" not in again

    figures(tmp_path, 1.0)
    page.write(target, tmp_path)
    assert "A smaller page." in target.read_text() and "(holds now)" in target.read_text()


def test_a_plot_is_valid_and_says_what_it_shows() -> None:
    svg = plot.growth(
        {"SQLite": {"car & page": [(10, 0.5), (100, 40.0)]}, "PostgreSQL": {"home": [(10, 1.0)]}}, "Growth"
    )
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "car &amp; page" in svg and "<title>Growth</title>" in svg
