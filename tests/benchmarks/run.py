"""Runs the benchmark: `scripts/benchmark --help` says how."""

import json
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from tests.benchmarks import machine, page, place
from tests.benchmarks.bench import FULL, QUICK, STANDARD, Bench, Mode
from tests.benchmarks.sections import cached, freshness, growth, memory, portal, queries, uncached, weights
from tests.support.server import ROOT

SECTIONS: dict[str, Callable[[Bench], None]] = {
    "weights": weights.measure,
    "cached": cached.measure,
    "uncached": uncached.measure,
    "queries": queries.measure,
    "memory": memory.measure,
    "growth": growth.measure,
    "freshness": freshness.measure,
    "portal": portal.measure,
}
FIGURES, PAGE = ROOT / "docs" / "performance", ROOT / "docs" / "performance.md"


@click.command()
@click.option("--quick", "mode", flag_value="quick", help="A minute on a few cars: does the tool work? Writes no docs.")
@click.option("--standard", "mode", flag_value="standard", default=True, help="Ten minutes at 100,000 cars.")
@click.option("--full", "mode", flag_value="full", help="An hour at a million cars.")
@click.option("--only", multiple=True, type=click.Choice(list(SECTIONS)), help="Measure this part; may be repeated.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(place.ENGINES), help="On this database.")
@click.option("--cars", "sizes", multiple=True, type=int, help="Stocks of these sizes, the smallest first.")
@click.option("--leads", type=int, help="A year of so many leads for the portal.")
@click.option("--keep", type=click.Path(path_type=Path), help="Keep the filled databases here, and use them again.")
@click.option("--out", type=click.Path(path_type=Path), help="Write figures here instead of docs/performance.")
@click.option("--write-page", is_flag=True, help="Measure nothing; write docs/performance.md from the kept figures.")
def main(
    mode: str,
    only: tuple[str, ...],
    engines: tuple[str, ...],
    sizes: tuple[int, ...],
    leads: int | None,
    keep: Path | None,
    out: Path | None,
    write_page: bool,
) -> None:
    """Measure Kroi against hand-written references, and write down what was found."""
    chosen = {"quick": QUICK, "standard": STANDARD, "full": FULL}[mode]
    chosen = replace(
        chosen, sizes=sizes or chosen.sizes, engines=engines or chosen.engines, leads=leads or chosen.leads
    )
    figures = out or FIGURES
    if out is None and (sizes or leads):
        raise click.UsageError("Other sizes than the usual go elsewhere than docs: say --out FOLDER.")
    if mode == "quick" and out is None:
        figures = Path(tempfile.mkdtemp(prefix="kroi-quick-"))
    figures.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    if not write_page:
        with place.opened(keep) as where:
            failed = _measure(chosen, where, only or tuple(SECTIONS), figures / f"{mode}.json")
    page.write(PAGE if figures is FIGURES else figures / "performance.md", figures)
    click.echo(f"Written: {figures}")
    if failed:
        raise click.ClickException(f"Failed, for reasons that stand above: {', '.join(failed)}")


def _measure(mode: Mode, where: place.Place, parts: tuple[str, ...], file: Path) -> list[str]:
    """Each part on each database, written down as soon as it is known; names of what failed."""
    failed = []
    begun = time.monotonic()
    for engine in mode.engines:
        for cars in mode.sizes if set(parts) - {"portal"} else ():
            where.database(engine, cars)
        for name in SECTIONS:
            if name not in parts:
                continue
            if part := _part(Bench(mode, where, engine, begun), name):
                _store(file, mode, engine, name, part)
            else:
                failed.append(f"{name} on {engine}")
    return failed


def _part(bench: Bench, name: str) -> dict[str, Any] | None:
    """What one part found; `None` if it failed, which must not cost the hour that the others take."""
    bench.say(f"{name} …")
    try:
        SECTIONS[name](bench)
    except Exception:
        traceback.print_exc()
        return None
    for row in bench.rows:
        mark = {True: "   ", False: "NO ", None: "   "}[row.holds]
        click.echo(f"  {mark}{row.what}: {row.value:.4g} {row.unit} ({row.low:.4g}–{row.high:.4g}) {row.note}")
    made = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return {"made": made, "rows": [row.as_json() for row in bench.rows], "details": bench.details}


def _store(path: Path, mode: Mode, engine: str, name: str, part: dict[str, Any]) -> None:
    """Into the file of this mode; parts that were not measured now stay as they were."""
    before = json.loads(path.read_text()) if path.exists() else {"engines": {}}
    before["engines"].setdefault(engine, {})[name] = part
    run = {
        "mode": mode.name,
        "made": datetime.now(UTC).strftime("%Y-%m-%d"),
        "machine": machine.machine(),
        "versions": machine.versions(),
        "engines": before["engines"],
    }
    path.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
