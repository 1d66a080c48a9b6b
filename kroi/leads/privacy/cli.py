"""Commands about single people: take out what is held, erase."""

from pathlib import Path
from typing import IO

import click
from flask.cli import AppGroup

from kroi.accounts import audit
from kroi.core.errors import Refusal
from kroi.db.tenancy import acting_for
from kroi.db.transaction import run_in_transaction, transaction
from kroi.dealerships import queries as dealerships
from kroi.leads.privacy import aftermath, export, service
from kroi.leads.privacy.rules import Why

people = AppGroup("people", help="People who asked: take out what is held about one, or erase one.")
_DEALERSHIP = click.option("--dealership", metavar="HOST", help="Whose people; not needed when there is only one.")


@people.command("export")
@click.argument("person_id", type=click.IntRange(min=1), metavar="ID")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE")
@_DEALERSHIP
def export_command(person_id: int, output: Path, dealership: str | None) -> None:
    """Write everything held about a person into a ZIP: data.json, index.html, files and photos.

    Example: flask people export 418 -o anna.zip
    """
    try:
        with acting_for(dealerships.get_only_or_by_host(dealership).id), output.open("xb") as file:
            output.chmod(0o600)
            _write(person_id, output, file)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from None
    click.echo(f"{output}: {output.stat().st_size} bytes.")


@people.command("erase")
@click.argument("person_id", type=click.IntRange(min=1), metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@_DEALERSHIP
def erase_command(person_id: int, yes: bool, dealership: str | None) -> None:
    """Erase a person from every table, file and queued mail. Nobody can bring it back.

    Example: flask people erase 418
    """
    if not yes:
        click.confirm(f"Erase person {person_id} for good?", abort=True)
    try:
        with acting_for(dealerships.get_only_or_by_host(dealership).id):
            erased = run_in_transaction(lambda: service.erase_person(person_id, why=Why.OWNER))
            click.echo("Rows are gone. Wiping what the database keeps of them …", err=True)
            aftermath.finish()
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    for table, count in erased.rows.items():
        click.echo(f"{table}: {count}")


def _write(person_id: int, output: Path, file: IO[bytes]) -> None:
    try:
        export.write_archive(person_id, file)
        with transaction():
            audit.record("person.exported", "person", person_id, person_id=person_id)
    except BaseException:
        output.unlink(missing_ok=True)
        raise
