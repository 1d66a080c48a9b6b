"""The command for report tools."""

import click
from flask.cli import with_appcontext

from kroi.dealerships import queries as dealerships
from kroi.operations.reporting import rules, service
from kroi.operations.words import in_words


@click.command("reporting-role")
@click.option("--dealership", metavar="HOST", help="Whose figures; not needed when there is only one.")
@click.option("--drop", is_flag=True, help="Remove the login.")
@with_appcontext
def reporting_role_command(dealership: str | None, drop: bool) -> None:
    """Make a login for report tools that only reads one dealership's figures, and nothing about persons.

    Run it again for a new password, and after an upgrade for new columns.

    Example: flask ops reporting-role --dealership harbour.example.com
    """
    with in_words():
        profile = dealerships.get_only_or_by_host(dealership)
        if drop:
            click.echo(f"{service.take(profile.id)} is gone.")
            return
        login = service.give(profile.id)
    click.echo(f"Login {login.name}, password {login.password}, database {login.database}.")
    click.echo(f"The password is shown only now. It sees {profile.name} in: {', '.join(sorted(rules.SEEN))}.")


COMMANDS = (reporting_role_command,)
