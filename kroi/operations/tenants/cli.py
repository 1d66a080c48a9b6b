"""Commands for one dealership among several, in the group of `flask dealerships`."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from kroi.db import dialects
from kroi.db.model import db, session
from kroi.dealerships import queries as dealerships
from kroi.operations.exit import service as exits
from kroi.operations.rows import tables
from kroi.operations.tenants import again, service
from kroi.operations.words import in_words, size
from kroi.web.settings import settings


@click.command("export")
@click.argument("host")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def export_command(host: str, file: Path) -> None:
    """Write all that belongs to the dealership at HOST into FILE, for it to take along.

    The archive is like that of `flask ops export`, and goes into an empty installation with `flask ops import`.

    Example: flask dealerships export harbour.example.com harbour.tar
    """
    with in_words():
        made = exits.take_out(settings(), file, dealerships.get_only_or_by_host(host))
    click.echo(f"{file}: {size(file.stat().st_size)}, {made.rows:,} rows, {len(made.media):,} picture files.")


@click.command("erase")
@click.argument("host")
@click.option(
    "--confirm",
    metavar="HOST",
    help="The host name once more, where nobody is there to type it. Of one without a host: its name.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be erased; change nothing.")
@with_appcontext
def erase_command(host: str, confirm: str | None, dry_run: bool) -> None:
    """Erase the dealership at HOST: every row, picture and file of it, for good. Nothing of the others is touched.

    Their rows are counted and compared before it is stored. Backups hold it for as long as they are kept, and
    one that is put back erases it again. Export it first if anybody may want it.

    Example: flask dealerships erase harbour.example.com
    """
    with in_words():
        profile = dealerships.get_only_or_by_host(host)
        session.remove()
        found = service.count(settings(), profile)
        for name, number in sorted(found.items()):
            click.echo(f"  {name}: {number:,}")
        if dry_run:
            click.echo(f"{sum(found.values()):,} rows of {profile.name} would be erased. Nothing was changed.")
            return
        wanted = profile.host or profile.name  # nothing at all is no confirmation
        said = confirm if confirm is not None else click.prompt(f"Type {wanted} to erase {profile.name} for good")
        if said.strip().lower() != wanted.lower():
            raise click.ClickException(f"That is not {wanted}. Nothing was changed.")
        erased = service.erase(settings(), profile)
        again.note(profile.id)
        dialects.wipe(db.engine, [table.name for table in tables.parents_first()], patient=True)
    click.echo(
        f"{profile.name} is erased: {erased.rows:,} rows, {erased.files:,} files. "
        f"{erased.compared:,} rows of others were compared and are as they were."
    )


COMMANDS = (export_command, erase_command)
