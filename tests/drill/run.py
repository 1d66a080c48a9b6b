"""Breaks an installation of its own in every way while shoppers ask, and counts what became of their questions."""

import argparse
import json
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.drill import killing, safety, strain
from tests.drill.house import House
from tests.drill.ledger import Answers, Balance
from tests.drill.plan import Drill, Outcome, Say
from tests.drill.shoppers import Crowd

MINUTES = 15
WITHIN = {"PostgreSQL killed": 5.0, "connection flood": strain.NORMAL_WITHIN}  # seconds
FAULTS: dict[str, Callable[[Drill, Outcome], None]] = {
    "web worker killed": killing.web,
    "PostgreSQL killed": killing.database,
    "Valkey killed": killing.cache,
    "worker killed": killing.worker,
    "orderly stop under load": strain.stops,
    "slow clients": strain.slow,
    "connection flood": strain.flood,
    "clock jump": strain.clock,
    "disk full": strain.disk,
    "backup interrupted": safety.interrupted,
    "corrupt backup": safety.corrupt,
    "half-applied migration": safety.migration,
}
_HEADINGS = ("fault", "times", "back in", "at most", "ok", "503/429", "refused", "cut off", "wrong", "")


@dataclass
class Result:
    """All faults, and at the end the shoppers' questions beside the database."""

    outcomes: list[Outcome] = field(default_factory=list)
    balance: Balance = field(default_factory=lambda: Balance(0, 0, [], [], [], []))
    answers: Answers = field(default_factory=lambda: Answers([]))
    contradictions: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def faults(self) -> list[str]:
        """What must not be, in words."""
        found = [f"{each.name}: {fault}" for each in self.outcomes for fault in each.faults]
        return found + self.balance.faults() + self.contradictions

    def outcome(self, name: str) -> Outcome:
        """What this fault did; raises KeyError when it was not drilled."""
        return {each.name: each for each in self.outcomes}[name]


def drill(folder: Path, say: Say, *, short: bool = False, only: str = "", shoppers: int = 10) -> Result:
    """Every fault (or those whose name holds `only`) on an installation in this folder, bounded to 15 minutes."""
    began, result, house = time.monotonic(), Result(), House(folder)
    try:
        say("An installation is set up …")
        house.begin()
        crowd = Crowd(house.visitor, shoppers)
        crowd.start()
        plan = Drill(house, crowd, short, began + (MINUTES - 1) * 60, say, outcomes=result.outcomes)
        for name, fault in FAULTS.items():
            if only in name:
                plan.run(name, fault)
        crowd.stop()
        result.answers = crowd.ledger.since(0)
        result.contradictions = crowd.ledger.contradictions + broken(folder)
        result.balance = crowd.ledger.compare(house.leads(), house.spam())
    finally:
        house.remove()
    result.seconds = time.monotonic() - began
    return result


def table(result: Result) -> Table:
    """What `scripts/drill` prints."""
    found = Table(*_HEADINGS, title="Faults, drilled", title_justify="left")
    for each in result.outcomes:
        found.add_row(*each.row(), style="red" if each.faults else None)
    return found


def main(arguments: list[str]) -> int:
    """Exit code 0 when nothing was lost, doubled or wrong; 1 when something was; 2 for wrong use."""
    asked = parser().parse_args(arguments)
    if not any(asked.only in name for name in FAULTS):
        parser().error(f"no fault's name holds {asked.only!r}; there are: {', '.join(FAULTS)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended in any case
    signal.signal(signal.SIGALRM, lambda *_: sys.exit(f"It hangs: {MINUTES} minutes are over."))
    signal.alarm(MINUTES * 60)
    console = Console(width=None if sys.stdout.isatty() else 150)
    with tempfile.TemporaryDirectory(prefix="kroi-drill-") as folder:
        Path(folder).chmod(0o755)
        result = drill(Path(folder), console.print, short=asked.short, only=asked.only, shoppers=asked.shoppers)
        keep_logs(Path(folder), asked.logs)
    faults = result.faults() + late(result)
    console.print(table(result))
    kept = result.balance
    console.print(
        f"{kept.acknowledged} inquiries acknowledged, {len(kept.lost)} lost, {len(kept.doubled)} doubled; "
        f"{len(result.answers.events)} answers, {result.answers['wrong']} wrong; {result.seconds / 60:.1f} minutes."
    )
    for each in faults:
        console.print(f"[red]✗[/red] {each}", markup=True, highlight=False)
    return 1 if faults else 0


def keep_logs(folder: Path, wanted: Path | None) -> None:
    """What all parts wrote, where somebody wants it."""
    for path in folder.glob("*.log") if wanted else ():
        assert wanted is not None
        wanted.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, wanted)


def broken(folder: Path) -> list[str]:
    """Where the web servers and the worker broke, by their own logs: what an answer of 500 does not tell."""
    lines = [line for path in sorted(folder.glob("kroi-w*.log")) for line in path.read_text().splitlines()]
    return [str(json.loads(line)["message"]) for line in lines if '"message": "failed, reference' in line]


def late(result: Result) -> list[str]:
    """What took longer to be back than promised."""
    longest = {each.name: each.longest or 0 for each in result.outcomes if each.name in WITHIN}
    return [f"{name}: back only after {took:.1f} s" for name, took in longest.items() if took > WITHIN[name]]


def parser() -> argparse.ArgumentParser:
    """What may be said on the command line."""
    found = argparse.ArgumentParser(
        prog="scripts/drill", description=__doc__, epilog="Example: scripts/drill --short --only PostgreSQL",
    )  # fmt: skip
    found.add_argument("--short", action="store_true", help="every fault a few times, in about two minutes")
    found.add_argument("--only", default="", metavar="WORDS", help="only faults whose name holds these words")
    found.add_argument("--shoppers", type=int, default=10, help="how many ask at once (10)")
    found.add_argument("--logs", type=Path, metavar="FOLDER", help="keep there what all parts wrote")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
