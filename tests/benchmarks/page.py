"""docs/performance.md out of the kept figures. What people wrote there stays: only marked parts are written anew."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.benchmarks import bars, plot

Run = dict[str, Any]
ORDER = {  # part of a run: its heading
    "cached": "Cached pages",
    "uncached": "Uncached listings",
    "growth": "Growth and answers",
    "queries": "Queries and counts",
    "memory": "Memory",
    "freshness": "The cache under edits",
    "weights": "Bytes",
    "portal": "The portal with a year of data",
}
_RUNS = {"full": "A million cars", "standard": "A hundred thousand cars", "quick": "A few cars"}
_TRIED = re.compile(r"<!-- tried: (?P<key>.*?) -->\n(?P<text>.*?)<!-- end tried -->", re.DOTALL)
_NOTHING = "Nothing yet.\n"
_EXPONENT = 0.1


def write(page: Path, figures: Path) -> None:
    """Write the marked parts of the page, and the plots beside the figures."""
    runs = {name: json.loads(path.read_text()) for name in _RUNS if (path := figures / f"{name}.json").exists()}
    old = page.read_text(encoding="utf-8") if page.exists() else _frame()
    text = _replaced(old, "figures", "\n".join(_tables(name, run, figures) for name, run in runs.items()))
    tried = {found["key"]: found["text"] for found in _TRIED.finditer(old)}
    text = _replaced(text, "failing", _failing(runs, tried))
    page.write_text(text, encoding="utf-8")


def _frame() -> str:
    return (
        "# Performance\n\n<!-- begin figures -->\n<!-- end figures -->\n\n"
        "## What does not hold\n\n<!-- begin failing -->\n<!-- end failing -->\n"
    )


def _replaced(text: str, part: str, new: str) -> str:
    begin, end = f"<!-- begin {part} -->\n", f"<!-- end {part} -->"
    before, _, rest = text.partition(begin)
    after = rest.partition(end)[2]
    return f"{before}{begin}\n{new}\n{end}{after}"


def _tables(name: str, run: Run, figures: Path) -> str:
    """One run: the machine, a table for each part, the plot, the queries that grow most."""
    parts = [f"## {_RUNS[name]}\n", _told(run), ""]
    for section, heading in ORDER.items():
        lines = list(_lines(run, section))
        if lines:
            parts += [f"### {heading}\n", _head(run, "leads" if section == "portal" else "cars"), *lines, ""]
        if section == "growth" and lines:
            parts += [_plotted(name, run, figures), ""]
        if section == "portal" and lines:
            parts += [_barred(name, run, figures), ""]
        if section == "queries" and lines:
            parts += [*_growing(run), *_slow(run), ""]
    return "\n".join(parts)


def _told(run: Run) -> str:
    machine = ", ".join(f"{name} {value}" for name, value in run["machine"].items())
    versions = ", ".join(f"{name} {value}" for name, value in run["versions"].items())
    return f"Measured {run['made']}. Machine: {machine}. Versions: {versions}."


def _head(run: Run, rows: str) -> str:
    engines = list(run["engines"])
    cells = ["what", rows, "must hold", *engines, "holds"]
    return f"| {' | '.join(cells)} |\n|{'---|' * len(cells)}"


def _lines(run: Run, section: str) -> Iterable[str]:
    """One line for each key, with a cell for each database."""
    for key, found in _by_key(run, section).items():
        one = next(iter(found.values()))
        cells = [_cell(found[engine]) if engine in found else "" for engine in run["engines"]]
        yield f"| {one['what']} | {one['cars']:,} | {_limit(one)} | {' | '.join(cells)} | {_verdict(found)} |" + (
            "" if key else ""
        )


def _by_key(run: Run, section: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for engine, sections in run["engines"].items():
        for row in sections.get(section, {}).get("rows", []):
            found.setdefault(row["key"], {})[engine] = row
    return found


def _cell(row: Mapping[str, Any]) -> str:
    value = _number(row["value"], row["unit"])
    spread = "" if row["low"] == row["high"] else f" ({_number(row['low'], '')}–{_number(row['high'], '')})"
    mark = f"**{value}**" if row["holds"] is False else value
    return f"{mark}{spread}" + (f"<br>{row['note']}" if row["note"] else "")


def _number(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 10 else 3
    text = f"{value:,.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:,.0f}"
    return f"{text}{unit}" if unit in ("×", "%") else f"{text} {unit}".strip()


def _limit(row: Mapping[str, Any]) -> str:
    if row["limit"] is None:
        return ""
    words = "at least" if row["at_least"] else "at most"
    return f"{words} {_number(row['limit'], row['unit'])}"


def _verdict(found: Mapping[str, Mapping[str, Any]]) -> str:
    judged = [row["holds"] for row in found.values() if row["holds"] is not None]
    return "" if not judged else "yes" if all(judged) else "**no**"


def _plotted(name: str, run: Run, figures: Path) -> str:
    panels = {
        engine: {kind: [(cars, value) for cars, value, *_spread in points] for kind, points in growth.items()}
        for engine, sections in run["engines"].items()
        if (growth := sections.get("growth", {}).get("details", {}).get("growth"))
    }
    file = figures / f"growth-{name}.svg"
    file.write_text(plot.growth(panels, "Processor time of a request by size of the stock"), encoding="utf-8")
    return f"![Processor time of a request by size of the stock]({figures.name}/{file.name})"


def _barred(name: str, run: Run, figures: Path) -> str:
    panels = {
        engine: {page: times for page, (times, _share) in pages.items()}
        for engine, sections in run["engines"].items()
        if (pages := sections.get("portal", {}).get("details", {}).get("pages"))
    }
    file, title = figures / f"portal-{name}.svg", "Requests per second, times those of Flask-Admin's list"
    file.write_text(bars.drawn(panels, title), encoding="utf-8")
    return f"![{title}]({figures.name}/{file.name})"


def _growing(run: Run) -> Iterable[str]:
    """The queries that grow most, by the address that asks them first: all above the limit, or the first three."""
    yield "The queries that grow most (exponent of their time over the number of cars; milliseconds at each size):\n"
    yield "| database | asked by | exponent | milliseconds | query |\n|---|---|---|---|---|"
    for engine, sections in run["engines"].items():
        queries = sections.get("queries", {}).get("details", {}).get("queries", [])
        over = [each for each in queries if each["exponent"] > _EXPONENT]
        for each in over or queries[:3]:
            times = " → ".join(_number(time, "") for _cars, time in each["milliseconds"])
            yield f"| {engine} | `{each['path']}` | {each['exponent']:.2f} | {times} | `{_said(each['sql'])}` |"


def _slow(run: Run) -> Iterable[str]:
    """The slowest queries of the largest stock."""
    found = [
        f"| {engine} | `{each['path']}` | {_number(each['milliseconds'], '')} | `{_said(each['sql'])}` |"
        for engine, sections in run["engines"].items()
        for each in sections.get("queries", {}).get("details", {}).get("slow", [])
    ]
    if found:
        yield "\nQueries of 10 ms or more with the largest stock:\n"
        yield "| database | asked by | milliseconds | query |\n|---|---|---|---|"
        yield from found


def _said(sql: str) -> str:
    """A query in a line, its middle left out."""
    text = re.sub(r"[\s|`]+", " ", sql)
    return text if len(text) < 150 else f"{text[:50]} … {text[-90:]}"


def _failing(runs: Mapping[str, Run], tried: Mapping[str, str]) -> str:
    """Each number that is not kept, with what was tried; that text is people's, and stays as long as it says much."""
    titles, failed = {}, []
    for run in runs.values():
        for section in ORDER:
            for key, found in _by_key(run, section).items():
                key, _colon, page = key.partition(":")  # pages of the portal fail together
                titles[key] = next(iter(found.values()))["what"].removeprefix(f"{page}: ")
                failed += [key] if any(row["holds"] is False for row in found.values()) else []
    kept = [key for key, text in tried.items() if text != _NOTHING and key not in failed]
    parts = []
    for key in dict.fromkeys([*failed, *kept]):
        now = "" if key in failed else " (holds now)"
        text = tried.get(key, _NOTHING)
        parts.append(f"### {titles.get(key, key)}{now}\n\n<!-- tried: {key} -->\n{text}<!-- end tried -->\n")
    return "\n".join(parts) or "Everything measured holds.\n"
