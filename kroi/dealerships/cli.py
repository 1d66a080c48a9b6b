"""Commands about dealerships."""

from dataclasses import asdict

import click
from flask.cli import AppGroup

from kroi.core.errors import Refusal
from kroi.db.tenancy import across_dealerships
from kroi.db.transaction import transaction
from kroi.dealerships import queries, service
from kroi.dealerships.rules import Profile
from kroi.dealerships.rules.quotas import LARGEST
from kroi.web.place import LANGUAGES, NAMES

_LIMIT = click.IntRange(-1, LARGEST)
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


@dealerships.command("list")
def list_command() -> None:
    """List the dealerships: host names, name, and limits.

    Example: flask dealerships list
    """
    for profile in queries.list_profiles():
        click.echo(
            f"{' '.join((profile.host or '(any host)', *profile.other_hosts))}  {profile.name}{_limits(profile)}"
        )


def _limits(profile: Profile) -> str:
    return "".join(f", {name} {limit}" for name, limit in profile.quotas.data().items())


@dealerships.command("host")
@click.argument("what", type=click.Choice(("add", "remove")))
@click.argument("host")
@click.argument("name")
def host_command(what: str, host: str, name: str) -> None:
    """Let the dealership at HOST be found under NAME, too, or no longer.

    Links in mails and for search engines name its first host. If that one is removed, the next becomes the first.

    Example: flask dealerships host add harbour.example.com www.harbour.example
    """
    try:
        profile = queries.get_only_or_by_host(host)
        with across_dealerships(), transaction():
            change = service.add_host if what == "add" else service.remove_host
            changed = change(profile.id, name)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    click.echo(f"{changed.name} is found under {', '.join((changed.host, *changed.other_hosts))}.")


@dealerships.command("quota")
@click.argument("host")
@click.option("--users", type=_LIMIT, help="People on the staff who are switched on.")
@click.option("--cars", type=_LIMIT, help="Cars in stock: drafts, on sale, reserved.")
@click.option("--storage-mb", type=_LIMIT, help="Megabytes of pictures and files.")
def quota_command(host: str, **limits: int | None) -> None:
    """Limit how much the dealership at HOST may have; -1 is no limit. Without options it says what is set.

    What is there already stays. Inquiries are never limited.

    Example: flask dealerships quota harbour.example.com --users 5 --cars 200 --storage-mb 2000
    """
    asked = {name: None if limit == -1 else limit for name, limit in limits.items() if limit is not None}
    try:
        profile = queries.get_only_or_by_host(host)
        with across_dealerships(), transaction():
            found = service.limit(profile.id, **asked)
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None
    for name, limit in asdict(found).items():
        click.echo(f"{name}: {'no limit' if limit is None else limit}")


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
