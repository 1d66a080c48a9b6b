"""One run of the benchmark: how much of everything, and where."""

import time
from dataclasses import dataclass, field
from typing import Any

import click

from tests.benchmarks import servers
from tests.benchmarks.addresses import Shoppers
from tests.benchmarks.figures import Row
from tests.benchmarks.place import ENGINES, SQLITE, Place
from tests.benchmarks.servers import Served

_FAST, _FAST_ONES, _PAUSE, _PATIENCE = 0.1, 6, 0.05, 900.0  # seconds, and answers in a row


@dataclass(frozen=True)
class Mode:
    """How much: sizes of the stock from small to large, rounds, seconds of one turn, seconds of the long trace."""

    name: str
    sizes: tuple[int, ...]
    engines: tuple[str, ...]
    rounds: int
    seconds: float
    trace: float
    rate: float
    samples: int
    leads: int
    """Of the year that the portal is measured on."""


QUICK = Mode("quick", (500, 1_500), (SQLITE,), rounds=1, seconds=0.15, trace=1.5, rate=30, samples=2, leads=2_000)
STANDARD = Mode(
    "standard", (10_000, 100_000), ENGINES, rounds=5, seconds=0.8, trace=60, rate=200, samples=8, leads=100_000
)
FULL = Mode(
    "full", (10_000, 100_000, 1_000_000), ENGINES, rounds=7, seconds=1.5, trace=240, rate=200, samples=12, leads=100_000
)


@dataclass
class Bench:
    """The run on one database: collects rows, and details that tables and plots are made of. `begun` is monotonic."""

    mode: Mode
    place: Place
    engine: str
    begun: float
    rows: list[Row] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> int:
        """The smallest stock, where most ratios are taken."""
        return self.mode.sizes[0]

    def kroi(self, cars: int) -> Served:
        """Kroi on this run's database of that size."""
        return servers.kroi(self._url(cars), self.place.scratch, self.place.helpers(self.engine))

    def reference(self, name: str, cars: int) -> Served:
        """A reference on the same."""
        return servers.reference(name, self._url(cars), self.place.scratch, self.place.helpers(self.engine))

    def portal(self) -> tuple[Served, Served]:
        """Kroi, and Flask-Admin, on the database with the year."""
        url, helpers = self.place.year(self.engine, self.mode.leads), self.place.helpers(self.engine)
        return (
            servers.kroi(url, self.place.scratch, helpers),
            servers.reference("portal_admin", url, self.place.scratch, helpers),
        )

    def settle(self, server: Served, cars: int) -> None:
        """Wait until listings are answered fast: what a process builds beside its first pages is there then."""
        addresses, fast = self.shoppers(cars, "settle").many(), 0
        until = time.monotonic() + _PATIENCE
        while fast < _FAST_ONES and time.monotonic() < until:
            begun = time.monotonic()
            server.get(next(addresses))
            fast = fast + 1 if time.monotonic() - begun < _FAST else 0
            time.sleep(_PAUSE)

    def shoppers(self, cars: int, name: str) -> Shoppers:
        """Other addresses for each part of the run."""
        return Shoppers(sum(map(ord, name)), cars)

    def say(self, words: str) -> None:
        """Progress, with the minutes since the begin."""
        click.echo(f"{(time.monotonic() - self.begun) / 60:5.1f} min  {self.engine}: {words}")

    def _url(self, cars: int) -> str:
        return self.place.database(self.engine, cars)
