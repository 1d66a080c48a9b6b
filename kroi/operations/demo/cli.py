"""Commands about the demo."""

import click
from flask.cli import AppGroup

from kroi.core.errors import Refusal
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.operations.demo import logins, service
from kroi.web.settings import settings

demo = AppGroup("demo", help="An invented dealership to try Kroi out with.")


@demo.command("load")
@click.option("--dealership", metavar="HOST", help="Which one to fill; not needed when there is only one.")
def load_command(dealership: str | None) -> None:
    """Fill an empty dealership with invented cars, staff, leads and visits, and print the logins.

    Run again it changes nothing, and prints the logins that still open the portal. Refused in production.

    Example: flask demo load
    """
    if settings().production:
        raise click.ClickException("The demo makes logins that are printed, so it is not loaded in production.")
    try:
        profile = dealerships.get_only_or_by_host(dealership)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    with acting_for(profile.id):
        if service.is_wanted():
            click.echo("Loading the demo dealership …")
            service.load(settings().instance, bcrypt_cost=settings().bcrypt_cost)
        _show(logins.still_good(settings().instance))


def _show(found: list[logins.Login]) -> None:
    if not found:
        click.echo("There are no demo logins here.")
        return
    click.echo("Demo logins, made for this installation:")
    for each in found:
        click.echo(f"  {each.role:<8} {each.email:<32} {each.password}")
