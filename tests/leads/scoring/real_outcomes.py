"""The method on 6,449 real inquiries with their outcome: `python -m tests.leads.scoring.real_outcomes FOLDER DOCS`.

It reads `leads-x-education` in FOLDER and writes table and plot to DOCS. What staff set afterwards is left out.
"""

import csv
import gzip
import io
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kroi.leads.scoring.learnt.rules import fitting, measures
from kroi.leads.scoring.learnt.rules.encoding import Row, Value
from kroi.leads.scoring.learnt.rules.enough import Bin
from tests.leads.scoring.plot import calibration_plot

FILE = "leads-x-education/Leads.dev.csv.gz"
NUMBERS = frozenset({"TotalVisits", "Total Time Spent on Website", "Page Views Per Visit"})
KNOWN_BEFORE = (
    *("Lead Origin", "Lead Source", "Do Not Email", "Do Not Call", "Country", "Specialization", "Search", "City"),
    *("How did you hear about X Education", "What is your current occupation"),
    *("What matters most to you in choosing a course", "A free copy of Mastering The Interview"),
    *sorted(NUMBERS),
)
SET_AFTERWARDS = (
    *("Tags", "Lead Quality", "Lead Profile", "Last Notable Activity", "Last Activity"),
    *("Asymmetrique Activity Index", "Asymmetrique Profile Index"),
    *("Asymmetrique Activity Score", "Asymmetrique Profile Score"),
)


@dataclass(frozen=True)
class Report:
    """What ten-fold cross-validation found: every lead is asked about once, by a card that did not learn from it."""

    leads: int
    won: int
    auc: float
    auc_of_points: float
    loss: float
    bins: Sequence[Bin]
    error: float
    best_tenth: float
    """The share won of the tenth with the highest chances."""
    spread: tuple[float, float]
    """The lowest and the highest AUC of a fold."""


def read(folder: Path) -> tuple[list[Row], list[bool]]:
    """The facts that were known before anybody called, and whether the lead was won."""
    with gzip.open(folder / FILE) as file:
        found = list(csv.DictReader(io.TextIOWrapper(file, "ascii", newline="")))
    rows: list[Row] = [{name: _value(name, each[name]) for name in KNOWN_BEFORE} for each in found]
    return rows, [each["Converted"] == "1" for each in found]


def _value(name: str, written: str) -> Value:
    if written in ("", "Select"):  # nothing was chosen
        return None
    return float(written) if name in NUMBERS else written.casefold()


def examine(rows: Sequence[Row], won: Sequence[bool], parts: int = 10) -> Report:
    """Learn and ask in turn, with the code that learns in the product."""
    truth = np.array(won)
    chances, points = np.zeros(len(rows)), np.zeros(len(rows))
    each_auc = []
    for learnt, asked in fitting.folds(len(rows), parts):
        known = [row for row, use in zip(rows, learnt, strict=True) if use]
        card = fitting.make_card(known, list(truth[learnt]), numbers=NUMBERS)
        some = [row for row, use in zip(rows, asked, strict=True) if use]
        chances[asked] = [card.probability(row) for row in some]
        points[asked] = [sum(reason.points for reason in card.reasons(row)) for row in some]
        each_auc.append(measures.auc(chances[asked], truth[asked]))
    bins = measures.calibration(chances, truth)
    return Report(
        leads=len(rows),
        won=int(truth.sum()),
        auc=measures.auc(chances, truth),
        auc_of_points=measures.auc(points, truth),
        loss=measures.log_loss(chances, truth),
        bins=bins,
        error=measures.calibration_error(bins),
        best_tenth=bins[-1].won,
        spread=(min(each_auc), max(each_auc)),
    )


def table(found: Report) -> str:
    """The figures in Markdown."""
    lines = [
        "| | |",
        "|---|---|",
        f"| leads, of them won | {found.leads:,}, {found.won:,} |",
        f"| AUC | {found.auc:.3f} (folds {found.spread[0]:.3f} to {found.spread[1]:.3f}) |",
        f"| AUC of the whole points | {found.auc_of_points:.3f} |",
        f"| log loss | {found.loss:.3f} |",
        f"| calibration error | {found.error:.3f} |",
        f"| won of the best tenth | {found.best_tenth:.1%} |",
        "",
        "| chance said | share won | leads |",
        "|---|---|---|",
        *(f"| {each.said:.1%} | {each.won:.1%} | {each.count} |" for each in found.bins),
    ]
    return "\n".join(lines) + "\n"


BEGIN, END = "<!-- figures begin -->\n", "<!-- figures end -->\n"


def main(folder: Path, docs: Path) -> None:
    """Put table and plot into the documents."""
    found = examine(*read(folder))
    page = docs / "scoring.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    page.write_text(before + BEGIN + table(found) + END + rest.partition(END)[2], encoding="utf-8")
    (docs / "pictures" / "calibration.svg").write_text(calibration_plot(found.bins), encoding="utf-8")
    sys.stdout.write(table(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
