"""Commands about staff."""

import sys

import click
from flask.cli import AppGroup

from kroi.accounts import queries, rules, service, words
from kroi.accounts.models import Role
from kroi.core.errors import Refusal
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.web.settings import settings

users = AppGroup("users", help="Staff who may sign in.")

_dealership = click.option("--dealership", metavar="HOST", help="Whose staff; not needed when there is only one.")
_password = click.option(
    "--password",
    help='A password of their own; "-" reads it from standard input, which other users of this machine cannot see. '
    "Without this a first password is made, shown once, and lasts a week.",
)
_prompt = click.option("--prompt", is_flag=True, help="Ask for the password on this terminal.")


@users.command("add")
@click.argument("email")
@click.option("--name", required=True, help="What they are called.")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="sales", show_default=True)
@_password
@_prompt
@_dealership
def add_command(email: str, name: str, role: str, password: str | None, prompt: bool, dealership: str | None) -> None:
    """Add somebody who signs in with EMAIL.

    Example: flask users add ana@example.com --name "Ana Ruiz" --role manager --prompt
    """
    if not rules.is_email(email):
        raise click.BadParameter("is not an e-mail address", param_hint="EMAIL")
    own = _own_password(password, prompt, email, name)
    given, cost = own or rules.new_password(), settings().bcrypt_cost
    try:
        house = dealerships.get_only_or_by_host(dealership)
        with acting_for(house.id), transaction():
            added = service.hire(name, email, Role(role), given, cost=cost, temporary=not own, language=house.language)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{added.name} may sign in with {added.email} ({role}).")
    _show(own, given)


@users.command("password")
@click.argument("email")
@_password
@_prompt
@_dealership
def password_command(email: str, password: str | None, prompt: bool, dealership: str | None) -> None:
    """Give EMAIL another password and end their sessions.

    Example: flask users password ana@example.com --prompt
    """
    try:
        with acting_for(dealerships.get_only_or_by_host(dealership).id):
            found = queries.find_by_email(email)
            if found is None:
                raise click.ClickException(f"Nobody signs in with {email}.")
            own = _own_password(password, prompt, found.email, found.name)
            given, cost = own or rules.new_password(), settings().bcrypt_cost
            with transaction():
                service.reset_password(queries.lock(found.id), given, cost=cost, temporary=not own)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{found.name} has another password; their sessions are over.")
    _show(own, given)


def _own_password(password: str | None, prompt: bool, email: str, name: str) -> str | None:
    """The password that was given in one of three ways, good enough, or `None`."""
    if prompt:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    elif password == "-":
        password = sys.stdin.readline().rstrip("\r\n")
    if password is None:
        return None
    found = rules.weakness(password, email=email, name=name)
    if found:
        raise click.BadParameter(str(words.WEAKNESSES[found]), param_hint="password")
    return password


def _show(own: str | None, given: str) -> None:
    if own is None:
        click.echo(f"First password, shown once, good for a week: {given}")
