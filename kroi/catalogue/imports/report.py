"""An import in words: what was read, how every row ended, what to do about it."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from kroi.catalogue.imports.decisions import Decision
from kroi.catalogue.imports.rules import Reading
from kroi.catalogue.imports.rules.changes import sentence
from kroi.catalogue.imports.service import Outcome
from kroi.catalogue.imports.undo import Undone
from kroi.catalogue.models import RowOutcome

FEW = 100  # rows that are all listed
SOME = 20  # lines of each outcome that are listed of more rows
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def how_read(reading: Reading, file_name: str) -> Iterator[str]:
    """How the file was understood."""
    yield f"{file_name}: {reading.manner}, {len(reading.rows):,} rows"
    for column, field in reading.understood.lines():
        yield f"  {column} → {field}"
    if reading.make:
        yield f"  no column says the make: {reading.make}, which alone builds these models"
    if reading.understood.unused:
        yield f"  not used: {', '.join(reading.understood.unused[:40])}"


def how_ended(outcome: Outcome, *, cars: bool = True) -> Iterator[str]:
    """How the rows ended, one line each while they are few, and the sum. `cars`: rows become cars of the stock."""
    lines = [*outcome.decisions, *outcome.withdrawn]
    shown = Counter[RowOutcome]()
    for each in lines:
        shown[each.outcome] += 1
        if len(lines) <= FEW or (
            each.outcome is not RowOutcome.ADDED and _is_news(each) and shown[each.outcome] <= SOME
        ):
            yield line(each)
    if len(lines) > FEW:
        yield f"  … at most {SOME} lines of each kind; --report FILE writes every row"
    yield from _reasons(outcome, cars)
    yield summary(outcome)


def _is_news(decision: Decision) -> bool:
    return decision.outcome is not RowOutcome.UNCHANGED or decision.reason is not None


def line(decision: Decision) -> str:
    """One row in one line."""
    what = f"row {decision.number}" if decision.number else "not in the file"
    parts = [title(decision), *details(decision)]
    return f"  {what}: {decision.outcome.value}  " + "; ".join(part for part in parts if part)


def title(decision: Decision) -> str:
    """The car, as far as it is known."""
    car = decision.row.car if decision.row else None
    known = decision.known or {}
    name = f"{car.make} {car.model}" if car else f"{known['make']} {known['model']}" if known else ""
    return f"{name} ({known['stock_number']})" if known else name


def details(decision: Decision) -> list[str]:
    """What changed, and what the person should know."""
    said = [sentence(name, change) for name, change in decision.changes.items()]
    return [*said, decision.reason] if decision.reason else said


def summary(outcome: Outcome) -> str:
    """The four that add up to the rows read."""
    counts, rows = outcome.counts, len(outcome.decisions)
    four = (RowOutcome.ADDED, RowOutcome.CHANGED, RowOutcome.UNCHANGED, RowOutcome.REFUSED)
    said = f"{rows:,} rows read = " + " + ".join(f"{counts[each]:,} {each.value}" for each in four)
    return said + (f"; {counts[RowOutcome.WITHDRAWN]:,} cars withdrawn" if outcome.withdrawn else "")


def _reasons(outcome: Outcome, cars: bool) -> Iterator[str]:
    """Advice on what many rows have in common."""
    refused = [each.reason or "" for each in outcome.decisions if each.outcome is RowOutcome.REFUSED]
    kinds = Counter("copy of an earlier row" if each.startswith("copy of row") else each for each in refused)
    for reason, times in kinds.most_common(8):
        yield f"  refused {times:,} times: {reason}"
    if any("no rate" in reason for reason in kinds):
        yield "  Say --rate GBP=1.17 (one pound is 1.17 of your money), or --currency EUR where the signs are wrong."
    if cars and outcome.nameless and len(outcome.decisions) > FEW:
        yield (
            f"  {outcome.nameless:,} rows have no VIN, stock number or id of their own: "
            "such a row is known by its whole text, so one that changes is added as another car."
        )


def how_undone(undone: Undone, run_id: int) -> Iterator[str]:
    """What taking an import back did."""
    for kept in undone.kept:
        yield f"  kept  {kept.title} ({kept.stock_number}): {kept.reason}"
    yield (
        f"Import {run_id} is undone: {undone.withdrawn:,} cars withdrawn, "
        f"{undone.restored:,} set back, {len(undone.kept):,} kept."
    )


def write(outcome: Outcome, path: Path) -> None:
    """Every row as CSV, one line each."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("row", "outcome", "car", "changes", "reason"))
        for each in (*outcome.decisions, *outcome.withdrawn):
            changed = "; ".join(sentence(name, change) for name, change in each.changes.items())
            writer.writerow(_harmless((each.number or "", each.outcome.value, title(each), changed, each.reason or "")))


def _harmless(cells: Iterable[object]) -> list[str]:
    """No cell is a formula to a spreadsheet."""
    texts = (str(cell) for cell in cells)
    return [f"'{text}" if text.startswith(_FORMULA) else text for text in texts]
