"""Commands that back up, prove and restore."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext

from kroi.accounts.audit import anchors
from kroi.core.config import Settings
from kroi.core.errors import Refusal
from kroi.db.model import db
from kroi.leads.privacy import again
from kroi.operations.backup import archive, arguments, keys, ledgers, places, rules, service
from kroi.operations.backup.physical import rules as bases
from kroi.operations.backup.physical import service as physical
from kroi.operations.backup.rules import Facts, Manifest
from kroi.operations.backup.schema import check_known, newest
from kroi.operations.backup.service import Proven
from kroi.operations.tenants import again as tenants
from kroi.operations.words import in_words, size
from kroi.web import settings as here


@click.command("backup")
@arguments.into
@arguments.keep
@arguments.plain
@click.option("--schema-only", is_flag=True, help="Tables without rows, and no pictures.")
@with_appcontext
def backup_command(where: str | None, keep_days: int, no_compress: bool, schema_only: bool) -> None:
    """Write a backup, prove it by reading it back, delete the old ones.

    Example: flask ops backup -o /mnt/backups -r 90
    """
    settings = _settings()
    place = where or settings.backup_url
    with in_words():
        made = service.create(settings, place, compress=not no_compress, schema_only=schema_only)
        ledgers.send(settings, place)
        dropped = service.prune(place, keep_days=keep_days)
    click.echo(f"{made}: {size(made.bytes)}, {_summary(made.manifest)}, read back and found the same.")
    _say_left_out(settings)
    _say_dropped(dropped, keep_days)


@click.command("base")
@arguments.into
@arguments.keep
@arguments.plain
@click.option("--full", is_flag=True, help="All files, also where the changes alone would do.")
@with_appcontext
def base_command(where: str | None, keep_days: int, no_compress: bool, full: bool) -> None:
    """Copy PostgreSQL's own files: with its archived log they can be restored to any moment. Run it once a day.

    Only what changed is copied where PostgreSQL 17 or later has summarize_wal on; once a week all of it.

    Example: flask ops base -o s3://backups/kroi
    """
    settings = _settings()
    place = where or settings.backup_url
    with in_words():
        made = physical.create(settings, place, full=full, compress=not no_compress)
        dropped = physical.prune(place, keep_days=keep_days)
    kind = "all files" if made.base.parent is None else f"what changed since {made.base.parent.rpartition('/')[2]}"
    click.echo(f"{place}/{made.name}: {size(made.bytes)}, {kind}{f' ({made.why})' if made.why else ''}.")
    _say_dropped(dropped, keep_days)
    for line in physical.warnings(settings):
        click.echo(f"Look: {line}")


def _say_left_out(settings: Settings) -> None:
    strange = service.strangers(Path(settings.media_url))
    if strange:
        named = ", ".join(path.relative_to(settings.media_url).as_posix() for path in strange[:3])
        click.echo(f"Look: not backed up, as Kroi did not put them among its photos: {len(strange)}, like {named}.")


def _say_dropped(dropped: list[str], keep_days: int) -> None:
    if dropped:
        click.echo(f"{len(dropped)} older than {keep_days} days deleted.")


@click.command("list")
@arguments.among
@with_appcontext
def list_command(where: str | None) -> None:
    """List backups, newest first. It reads what they say of themselves; `verify` proves it.

    Example: flask ops list
    """
    place = places.at(where or _settings().backup_url)
    with in_words():
        found, copies, log = place.sizes(), place.sizes(bases.BASES), place.sizes(bases.WAL)
    names = rules.newest_first(found)
    if not names and not copies:
        click.echo("There are no backups.")
    for name in names:
        click.echo(f"{name}  {size(found[name]):>9}  {_about(place, name)}")
    for name in sorted(filter(bases.began_at, copies), reverse=True):
        click.echo(
            f"{name}  {size(copies[name]):>9}  {'PostgreSQL, ' + ('all files' if bases.is_full(name) else 'changes')}"
        )
    if log:
        click.echo(f"{bases.WAL}  {size(sum(log.values())):>9}  {len(log)} files of the log")


def _about(place: places.Place, name: str) -> str:
    if name.endswith(rules.LOCKED):
        return "encrypted"
    if not isinstance(place, places.Folder):
        return "schema only" if "-schema" in name else "in the bucket"
    try:
        return _summary(archive.read_manifest(place.root / name))
    except Refusal:
        return "cannot be read"


@click.command("verify")
@click.argument("file", required=False)
@arguments.among
@with_appcontext
def verify_command(file: str | None, where: str | None) -> None:
    """Prove a backup: every byte, and its database restored into scratch and compared row by row.

    FILE is a path, or a name that `list` says; without it, the newest.

    Example: flask ops verify kroi-20261121T120000Z-sqlite.tar
    """
    settings = _settings()
    place = where or settings.backup_url
    if file and bases.began_at(file):
        with in_words():
            physical.check(settings, place, file)
        click.echo(f"{file} is good: PostgreSQL's list of its files agrees.")
        return
    with (
        in_words(),
        _named(),
        service.found(settings, place, file) as path,
        service.proven(settings, path, settings.instance) as found,
    ):
        click.echo(f"{path.name} is good: {_summary(found.manifest)}.")


@click.command("restore")
@click.argument("file", required=False)
@arguments.among
@click.option("--dry-run", is_flag=True, help="Prove it and say what would change; change nothing.")
@click.option("--drop-database", is_flag=True, help="Replace a database that is not empty.")
@click.option(
    "--to", "moment", type=arguments.MOMENT, help="PostgreSQL: as it was at this moment, 2026-11-21T12:00:00Z."
)
@click.option("--cluster", type=click.Path(path_type=Path), help="With --to: leave the server's files in this folder.")
@with_appcontext
def restore_command(
    file: str | None,
    where: str | None,
    dry_run: bool,
    drop_database: bool,
    moment: datetime | None,
    cluster: Path | None,
) -> None:
    """Put a backup back. It is proven first; if anything is wrong with it, nothing is touched.

    FILE is a path, or a name that `list` says; without it, the newest. With --to, PostgreSQL is brought back from a
    base backup and its log, beside the live server, proven there and only then put in place.

    Example: flask ops restore kroi-20261121T120000Z-sqlite.tar --drop-database
    """
    settings = _settings()
    place = where or settings.backup_url
    if file and moment or cluster and not moment:
        raise click.UsageError("--to takes the backups that it needs by itself; --cluster goes with --to.")
    with in_words(), _named():
        if moment:
            physical.check_may_recover(settings)
        if cluster and moment:
            left = physical.leave(settings, place, moment, cluster)
            click.echo(f"{cluster} holds the server as of {moment.isoformat()}: {_summary(left)}.")
            click.echo("Look at its postgresql.conf, start it, and run flask ops erase-again before anybody uses it.")
            return
        if not dry_run:
            service.check_may_replace(settings, drop_database=drop_database)
        if moment:
            with physical.recovered(settings, place, moment) as found:
                _restore(
                    settings, place, found, f"the log, as of {found.manifest.made_at.isoformat()}", dry_run=dry_run
                )
            return
        with service.found(settings, place, file) as path, service.proven(settings, path, settings.instance) as found:
            _restore(settings, place, found, path.name, dry_run=dry_run)


def _restore(settings: Settings, place: str, found: Proven, source: str, *, dry_run: bool) -> None:
    check_known(found.manifest.facts.revision)
    if dry_run:
        click.echo(f"{source} is good: {_summary(found.manifest)}. Nothing was changed.")
        _compare(service.store_for(settings).facts(), found.manifest.facts)
        return
    _bring_ledger(settings, place)
    db.engine.dispose()
    service.put_back(settings, found)
    anchors.note_restored()
    click.echo(f"Restored from {source}: {_summary(found.manifest)}.")
    if found.manifest.facts.revision != newest():
        click.echo("Its schema is an older one: run flask db upgrade, and then flask ops erase-again.")
        return
    _erase_again()


@click.command("erase-again")
@with_appcontext
def erase_again_command() -> None:
    """Erase whoever was erased before and came back with an old database. A restore does it by itself.

    Example: flask ops erase-again
    """
    _bring_ledger(_settings(), _settings().backup_url)
    with in_words():
        _erase_again()


def _bring_ledger(settings: Settings, place: str) -> None:
    """Who was erased stands beside the backups, too, where this disk is a new one."""
    try:
        ledgers.bring(settings, place)
    except (Refusal, OSError):
        click.echo(
            "The list of who was erased could not be fetched: run flask ops erase-again once the backups answer."
        )


def _erase_again() -> None:
    erased = again.erase_everywhere()
    leads, people = len(erased.lead_ids), len(erased.person_ids)
    click.echo(f"Erased again, for they had been erased since: people: {people}, leads: {leads}.")
    houses, left = tenants.erase_everywhere(_settings())
    for name in houses:
        click.echo(f"Erased again, as it had been erased since: {name}, with all that is its own.")
    for sentence in left:
        click.echo(f"Look: {sentence}")


def _compare(live: Facts, wanted: Facts) -> None:
    for name in sorted({*live.tables, *wanted.tables}):
        before, after = live.tables.get(name), wanted.tables.get(name)
        if before != after:
            rows = [str(table.rows) if table else "–" for table in (before, after)]
            same = ", with other content" if rows[0] == rows[1] else ""
            click.echo(f"  {name}: {rows[0]} rows would become {rows[1]}{same}")


@contextmanager
def _named() -> Iterator[None]:
    """A name that no backup has is wrong use."""
    try:
        yield
    except service.NotNamed as refusal:
        raise click.UsageError(refusal.sentence) from None


def _settings() -> Settings:
    found = here.settings()
    warning = keys.too_open(Path(found.backup_key_file)) if found.backup_key_file else None
    if warning:
        click.echo(f"Look: {warning}", err=True)
    return found


def _summary(manifest: Manifest) -> str:
    if manifest.schema_only:
        return f"schema only, {len(manifest.facts.tables)} tables"
    photos = len(manifest.media)
    return f"{manifest.facts.rows:,} rows in {len(manifest.facts.tables)} tables, {photos:,} picture files"


COMMANDS = (backup_command, base_command, list_command, verify_command, restore_command, erase_again_command)
