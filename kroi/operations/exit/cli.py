"""Commands that take everything out and bring it in."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from kroi.dealerships import queries as dealerships
from kroi.operations.exit import service
from kroi.operations.exit.rules import Manifest
from kroi.operations.words import in_words, size
from kroi.web.settings import settings

_NEW = click.Path(dir_okay=False, path_type=Path)
_OLD = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("file", type=_NEW)
@click.option("--dealership", metavar="HOST", help="Only what is this one's; else everything.")
@with_appcontext
def export_command(file: Path, dealership: str | None) -> None:
    """Write everything into FILE, to take it elsewhere: a tar of SQLite, CSV, JSON and all pictures.

    It holds personal data, and what people sign in with: it can be read by its owner only. The same data are the same
    bytes, on either database.

    Example: flask ops export kroi.tar
    """
    with in_words():
        only = dealerships.get_only_or_by_host(dealership) if dealership else None
        made = service.take_out(settings(), file, only)
    click.echo(f"{file}: {size(file.stat().st_size)}, {_summary(made)}.")


@click.command("import")
@click.argument("file", type=_OLD)
@with_appcontext
def import_command(file: Path) -> None:
    """Fill this installation, which is still empty, from FILE. All of it, or nothing.

    Every file and every row is compared with what the archive says of itself.

    Example: flask ops import kroi.tar
    """
    with in_words():
        made = service.bring_in(settings(), file)
    dealerships.forget_map()
    click.echo(f"From {file.name}: {_summary(made)}, compared and found the same.")


def _summary(manifest: Manifest) -> str:
    whose = f" of {manifest.dealership}" if manifest.dealership else ""
    return f"{manifest.rows:,} rows in {len(manifest.tables)} tables{whose}, {len(manifest.media):,} picture files"


COMMANDS = (export_command, import_command)
