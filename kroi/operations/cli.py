"""Commands for whoever keeps Kroi running."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import psycopg
from flask.cli import AppGroup

from kroi.accounts.audit import anchors
from kroi.core.config import Settings
from kroi.core.errors import Refusal
from kroi.db.model import db
from kroi.dealerships.rules.retention import BACKUPS_KEPT
from kroi.leads.privacy import again
from kroi.operations.backup import archive, service
from kroi.operations.backup.rules import Facts, Manifest
from kroi.operations.backup.schema import check_known, newest
from kroi.web import settings as here

ops = AppGroup("ops", help="Back up, prove and restore.")
_BACKUP = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@ops.command("backup")
@click.option("-o", "--into", type=_FOLDER, help="Folder to write to; else the one of BACKUP_URL.")
@click.option(
    "-r",
    "--keep-days",
    type=click.IntRange(1),
    default=BACKUPS_KEPT.days,
    show_default=True,
    help="Older ones are deleted.",
)
@click.option("--no-compress", is_flag=True, help="Write the database as it is.")
def backup_command(into: Path | None, keep_days: int, no_compress: bool) -> None:
    """Write a backup, prove it by reading it back, delete the old ones.

    Example: flask ops backup -o /mnt/backups -r 90
    """
    folder = into or Path(_settings().backup_url)
    with _in_words():
        made = service.create(_settings(), folder, compress=not no_compress)
        manifest = archive.read_manifest(made)
        dropped = service.prune(folder, keep_days=keep_days)
    click.echo(f"{made}: {_size(made.stat().st_size)}, {_summary(manifest)}, read back and found the same.")
    if dropped:
        click.echo(f"{len(dropped)} older than {keep_days} days deleted.")


@ops.command("list")
@click.option("-o", "--in", "folder", type=_FOLDER, help="Folder to look in; else the one of BACKUP_URL.")
def list_command(folder: Path | None) -> None:
    """List backups, newest first. It reads what they say of themselves; `verify` proves it.

    Example: flask ops list
    """
    found = service.list_backups(folder or Path(_settings().backup_url))
    if not found:
        click.echo("There are no backups.")
    for path in found:
        try:
            words = _summary(archive.read_manifest(path))
        except Refusal:
            words = "cannot be read"
        click.echo(f"{path.name}  {_size(path.stat().st_size):>9}  {words}")


@ops.command("verify")
@click.argument("file", type=_BACKUP)
def verify_command(file: Path) -> None:
    """Prove a backup: every byte, and its database restored into scratch and compared row by row.

    Example: flask ops verify instance/backups/kroi-20261121T120000Z-sqlite.tar
    """
    with _in_words(), service.proven(_settings(), file, _settings().instance) as found:
        click.echo(f"{file.name} is good: {_summary(found.manifest)}.")


@ops.command("restore")
@click.argument("file", type=_BACKUP)
@click.option("--dry-run", is_flag=True, help="Prove it and say what would change; change nothing.")
@click.option("--drop-database", is_flag=True, help="Replace a database that is not empty.")
def restore_command(file: Path, dry_run: bool, drop_database: bool) -> None:
    """Put a backup back. It is proven first; if anything is wrong with it, nothing is touched.

    Example: flask ops restore instance/backups/kroi-20261121T120000Z-sqlite.tar --drop-database
    """
    settings = _settings()
    with _in_words():
        if not dry_run:
            service.check_may_replace(settings, drop_database=drop_database)
        with service.proven(settings, file, settings.instance) as found:
            check_known(found.manifest.facts.revision)
            if dry_run:
                click.echo(f"{file.name} is good: {_summary(found.manifest)}. Nothing was changed.")
                _compare(service.store_for(settings).facts(), found.manifest.facts)
                return
            db.engine.dispose()
            service.put_back(settings, found)
            anchors.note_restored()
    click.echo(f"Restored from {file.name}: {_summary(found.manifest)}.")
    if found.manifest.facts.revision != newest():
        click.echo("Its schema is an older one: run flask db upgrade, and then flask ops erase-again.")
        return
    _erase_again()


@ops.command("erase-again")
def erase_again_command() -> None:
    """Erase whoever was erased before and came back with an old database. A restore does it by itself.

    Example: flask ops erase-again
    """
    with _in_words():
        _erase_again()


def _erase_again() -> None:
    erased = again.erase_everywhere()
    leads, people = len(erased.lead_ids), len(erased.person_ids)
    click.echo(f"Erased again, for they had been erased since: people: {people}, leads: {leads}.")


def _compare(live: Facts, wanted: Facts) -> None:
    for name in sorted({*live.tables, *wanted.tables}):
        before, after = live.tables.get(name), wanted.tables.get(name)
        if before != after:
            rows = [str(table.rows) if table else "–" for table in (before, after)]
            click.echo(f"  {name}: {rows[0]} rows would become {rows[1]}")


def _settings() -> Settings:
    return here.settings()


def _summary(manifest: Manifest) -> str:
    photos = len(manifest.media)
    return f"{manifest.facts.rows:,} rows in {len(manifest.facts.tables)} tables, {photos:,} picture files"


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


@contextmanager
def _in_words() -> Iterator[None]:
    """Refusals and the database's own failures become a sentence and exit code 1."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    except psycopg.OperationalError:
        raise click.ClickException("The database does not answer.") from None
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'A file'}: {error.strerror}.") from None
