"""Commands about the stock."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup
from tqdm import tqdm

from kroi.catalogue.imports import albums, report, service, undo
from kroi.catalogue.imports.rules import Ground, Mapping, Reading, read_cars
from kroi.catalogue.imports.rules.mapping import DISTANCES, from_words, read_mapping
from kroi.catalogue.places import queries as places
from kroi.catalogue.worth import files as market
from kroi.core import clock
from kroi.core.errors import Refusal
from kroi.db.tenancy import acting_for
from kroi.db.transaction import run_in_transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules import Profile
from kroi.web import place

Each = TypeVar("Each")
stock = AppGroup("stock", help="The cars.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Asked:
    """What the command line says about one import."""

    file: Path
    dry_run: bool
    withdraw_missing: bool
    report: Path | None


@stock.command("import")
@click.argument("file", required=False, type=_FILE)
@click.option("--undo", "undo_id", type=int, metavar="ID", help="Take the import with this number back.")
@click.option(
    "--mapping", type=_FILE, help="TOML or JSON: what columns, words and currencies mean; see docs/import.md."
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--withdraw-missing", is_flag=True, help="Withdraw imported cars that the file no longer names.")
@click.option("--currency", metavar="CODE", help="Every price of the file is in this money, whatever its sign says.")
@click.option("--rate", "rates", multiple=True, metavar="CODE=RATE", help="What one unit is in your money: GBP=1.17.")
@click.option("--distance", type=click.Choice(DISTANCES), help="The file's distances, whatever it says; mil is 10 km.")
@click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="Where the file is silent: make=Ford.")
@click.option(
    "--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write every row as CSV."
)
@click.option("--dealership", metavar="HOST", help="Whose stock; not needed when there is only one.")
def import_command(
    file: Path | None,
    undo_id: int | None,
    mapping: Path | None,
    dry_run: bool,
    withdraw_missing: bool,
    currency: str | None,
    rates: Sequence[str],
    distance: str | None,
    constants: Sequence[str],
    report: Path | None,
    dealership: str | None,
) -> None:
    """Import the cars of FILE (CSV or JSON, also packed with gzip), or take an import back.

    Columns are guessed and shown. Rows are counted from 1 below the header; each ends as added, changed, unchanged
    or refused. Importing the same file again changes nothing.

    Example: flask stock import cars.json --dry-run

    Example: flask stock import --undo 7
    """
    if (file is None) == (undo_id is None):
        raise click.UsageError("Name a FILE to import, or --undo ID.")
    said: dict[str, object] = {
        "currency": currency,
        "distance": distance,
        "rates": _pairs(rates),
        "constants": _pairs(constants),
    }
    try:
        with ExitStack() as here:
            profile = _enter(here, dealership)
            if file is None:
                _undo(undo_id or 0)
            else:
                _import(_Asked(file, dry_run, withdraw_missing, report), _mapping(mapping, said), profile)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None


@stock.command("market")
@click.argument("file", type=_FILE)
@click.option("--mapping", type=_FILE, help="TOML or JSON, as for an import; see docs/import.md.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and change nothing.")
@click.option("--currency", metavar="CODE", help="Every price of the file is in this money, whatever its sign says.")
@click.option("--rate", "rates", multiple=True, metavar="CODE=RATE", help="What one unit is in your money: GBP=1.17.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write every row as CSV.",
)
@click.option("--dealership", metavar="HOST", help="Whose market; not needed when there is only one.")
def market_command(
    file: Path,
    mapping: Path | None,
    dry_run: bool,
    currency: str | None,
    rates: Sequence[str],
    report_file: Path | None,
    dealership: str | None,
) -> None:
    """Take in what others ask for their cars, so that pages can say what a price is worth.

    FILE is read as an import reads it. A row needs make, model, year, mileage and price. The rows replace those of an
    earlier file of the same name.

    Example: flask stock market autoscout.csv
    """
    try:
        with ExitStack() as here:
            profile = _enter(here, dealership)
            said = _mapping(mapping, {"currency": currency, "rates": _pairs(rates)})
            reading = read_cars(file, Ground.of(currency=profile.currency, country=profile.country), said, _bar("rows"))
            _say(report.how_read(reading, file.name))
            _finish_market(reading, file.name, dry_run, report_file)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None


def _finish_market(reading: Reading, name: str, dry_run: bool, report_file: Path | None) -> None:
    outcome, gone = market.plan(reading), 0
    if not dry_run:
        outcome, gone = run_in_transaction(lambda: market.take(reading, name))
    _say(report.how_ended(outcome, cars=False))
    if report_file:
        report.write(outcome, report_file)
        click.echo(f"Every row is in {report_file}.")
    click.echo("This was a dry run: nothing was changed." if dry_run else f"{gone:,} earlier rows are no longer there.")


def _enter(here: ExitStack, host: str | None) -> Profile:
    profile = dealerships.get_only_or_by_host(host)
    here.enter_context(acting_for(profile.id))
    here.enter_context(place.speaking(place.Place(profile.language, profile.language, profile.currency, profile.zone)))
    return profile


def _pairs(said: Sequence[str]) -> dict[str, str]:
    """`make=Ford` as a name and its value."""
    wrong = [each for each in said if "=" not in each]
    if wrong:
        raise click.UsageError(f"{wrong[0]!r} needs an = between name and value.")
    return {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in said)}


def _mapping(path: Path | None, said: dict[str, object]) -> Mapping:
    """The mapping file, overruled by the options."""
    options = from_words({name: value for name, value in said.items() if value})
    if path is None:
        return options
    written = read_mapping(path.read_text(encoding="utf-8-sig", errors="replace"))
    return replace(
        written,
        currency=options.currency or written.currency,
        distance=options.distance or written.distance,
        rates={**written.rates, **options.rates},
        constants={**written.constants, **options.constants},
    )


def _import(asked: _Asked, mapping: Mapping, profile: Profile) -> None:
    started_at = clock.now()
    ground = Ground.of(currency=profile.currency, country=profile.country, spots=places.get_spots())
    reading = read_cars(asked.file, ground, mapping, _bar("rows"))
    _say(report.how_read(reading, asked.file.name))
    if asked.dry_run:
        outcome = service.plan(reading, {}, withdraw_missing=asked.withdraw_missing)
    else:
        album = albums.gather(reading.rows, asked.file.parent, _bar("photos"))
        outcome = run_in_transaction(
            lambda: service.apply(
                reading,
                mapping,
                album,
                file_name=asked.file.name,
                started_at=started_at,
                withdraw_missing=asked.withdraw_missing,
            )
        )
    _finish(asked, outcome, reading)


def _finish(asked: _Asked, outcome: service.Outcome, reading: Reading) -> None:
    _say(report.how_ended(outcome))
    if asked.report:
        report.write(outcome, asked.report)
        click.echo(f"Every row is in {asked.report}.")
    if outcome.run_id is None:
        pictures = sum(len(row.car.photos) for row in reading.rows if row.car and not row.refusal)
        click.echo("This was a dry run: nothing was changed." + (f" {pictures} photos wait." if pictures else ""))
    else:
        click.echo(f"This was import {outcome.run_id}. Take it back with: flask stock import --undo {outcome.run_id}")


def _undo(run_id: int) -> None:
    undone = run_in_transaction(lambda: undo.undo(run_id))
    _say(report.how_undone(undone, run_id))


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _bar(unit: str) -> Callable[[Iterable[Each]], Iterable[Each]]:
    """A progress bar on the terminal; silent where there is none."""
    return lambda steps: tqdm(steps, unit=f" {unit}", disable=None, leave=False)
