"""Commands about finance."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import click
from flask.cli import AppGroup

from kroi.catalogue.finance import queries, service
from kroi.catalogue.finance.rules import Terms
from kroi.core import money
from kroi.core.errors import Refusal
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships


class _Decimal(click.ParamType[Decimal]):
    """A plain number with decimals, such as 5.9."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The number; a usage error for anything else."""
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            self.fail(f"{value!r} is not a number such as 5.9.", param, ctx)
        return found


finance = AppGroup("finance", help="What cars cost by the month.")
_NUMBER = _Decimal()


@finance.command("terms")
@click.option("--down", type=_NUMBER, metavar="PERCENT", help="Of the price, paid at once.")
@click.option("--months", type=int, help="How long a credit runs.")
@click.option("--rate", type=_NUMBER, metavar="PERCENT", help="Nominal interest a year.")
@click.option("--opening", type=_NUMBER, metavar="MONEY", help="The fee for opening a credit.")
@click.option("--fee", type=_NUMBER, metavar="MONEY", help="The fee with every instalment.")
@click.option("--dealership", metavar="HOST", help="Whose terms; not needed when there is only one.")
def terms_command(
    down: Decimal | None,
    months: int | None,
    rate: Decimal | None,
    opening: Decimal | None,
    fee: Decimal | None,
    dealership: str | None,
) -> None:
    """Show the terms that monthly figures are made on; with options, change them first.

    Example: flask finance terms --rate 4.9 --months 72
    """
    said = {
        "down_percent": down,
        "months": months,
        "rate_percent": rate,
        "opening_cents": None if opening is None else money.cents(opening),
        "fee_cents": None if fee is None else money.cents(fee),
    }
    changes = {name: value for name, value in said.items() if value is not None}
    try:
        with acting_for(dealerships.get_only_or_by_host(dealership).id):
            _show(_changed(changes) if changes else queries.get_terms())
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None


def _changed(changes: Mapping[str, object]) -> Terms:
    wanted = replace(queries.get_terms(), **changes)  # type: ignore[arg-type]  # click made them of the right types
    with transaction():
        service.put_terms(wanted)
    return wanted


def _show(terms: Terms) -> None:
    opening, fee = (Decimal(cents) / 100 for cents in (terms.opening_cents, terms.fee_cents))
    click.echo(
        f"{terms.down_percent} % down, {terms.months} months, {terms.rate_percent} % nominal,"
        f" opening fee {opening:.2f}, {fee:.2f} with each instalment"
    )
