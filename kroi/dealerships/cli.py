"""Commands about dealerships."""

import click
from flask.cli import AppGroup

from kroi.core.errors import Refusal
from kroi.db.tenancy import across_dealerships
from kroi.db.transaction import transaction
from kroi.dealerships import service

dealerships = AppGroup("dealerships", help="The dealerships that share this installation.")


@dealerships.command("add")
@click.argument("name")
@click.argument("host")
def add_command(name: str, host: str) -> None:
    """Add a dealership NAME that is found under HOST.

    Example: flask dealerships add "Harbour Motors" harbour.example.com
    """
    try:
        with across_dealerships(), transaction():
            added = service.add(name, host)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{added.name} lives at {added.host}.")
