"""Commands about dealerships."""

import click
from flask.cli import AppGroup

from kroi.core.errors import Refusal
from kroi.db.tenancy import across_dealerships
from kroi.db.transaction import transaction
from kroi.dealerships import queries, service
from kroi.web.place import LANGUAGES, NAMES

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


@dealerships.command("languages")
@click.argument("own", type=click.Choice(LANGUAGES))
@click.argument("others", type=click.Choice(LANGUAGES), nargs=-1)
@click.option("--dealership", help="Host name; needed when there are several.")
def languages_command(own: str, others: tuple[str, ...], dealership: str | None) -> None:
    """Let pages speak OWN at their short addresses, and OTHERS below a prefix, such as /sv/cars/.

    Example: flask dealerships languages fi sv en
    """
    try:
        profile = queries.get_only_or_by_host(dealership)
        with across_dealerships(), transaction():
            service.change_profile(profile.id, language=own, languages=list(dict.fromkeys((own, *others))))
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{profile.name} speaks {', '.join(NAMES[each] for each in dict.fromkeys((own, *others)))}.")
