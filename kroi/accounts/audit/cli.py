"""Commands about the record of who did what."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from kroi.accounts.audit import anchors, chain
from kroi.accounts.audit.chain import Fault, Finding
from kroi.core.errors import Refusal
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.dealerships.rules import Profile

audit = AppGroup("audit", help="The record of who did what.")
_dealership = click.option("--dealership", metavar="HOST", help="Whose record; else everybody's.")


@audit.command("verify")
@_dealership
def verify_command(dealership: str | None) -> None:
    """Prove that no entry was changed, removed, moved or slipped in; name the first one that was, and exit 1.

    Example: flask audit verify
    """
    bad = False
    for house in _houses(dealership):
        with acting_for(house.id):
            written_down = anchors.read(house.id)
            verdict = chain.verify(written_down)
        click.echo(f"{house.name}: {_verdict(verdict)}")
        bad = bad or verdict.finding is not None
    if bad:
        raise SystemExit(1)


@audit.command("anchor")
@_dealership
def anchor_command(dealership: str | None) -> None:
    """Write down now where the record ends; the worker does it every quarter of an hour.

    Example: flask audit anchor
    """
    for house in _houses(dealership):
        with acting_for(house.id):
            written = anchors.drop()
        click.echo(f"{house.name}: " + (f"entry {written.number}, {written.hash}" if written else "nothing new."))


@audit.command("accept-restore")
@click.confirmation_option(prompt="Was an older database put back on purpose?")
def accept_command() -> None:
    """Write down that an older database was put back by hand; `flask ops restore` does this by itself.

    Example: flask audit accept-restore
    """
    anchors.note_restored()
    click.echo(f"Written down in {anchors.path()}.")


def _houses(dealership: str | None) -> list[Profile]:
    with _in_words():
        return [dealerships.get_only_or_by_host(dealership)] if dealership else dealerships.list_profiles()


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(refusal.sentence) from None


def _verdict(verdict: chain.Verdict) -> str:
    if verdict.finding is not None:
        return _finding(verdict.finding)
    if verdict.anchors:
        return f"{verdict.entries:,} entries, whole and in order; {verdict.anchors:,} anchors agree."
    return f"{verdict.entries:,} entries, whole and in order. No anchor is here yet: a cut end would not be noticed."


def _finding(found: Finding) -> str:
    which = f"entry {found.number}" + (f" to {found.last}" if found.last != found.number else "")
    row = f" (row {found.row_id})" if found.row_id is not None else ""
    words = {
        Fault.EDITED: f"{which}{row} was changed: it does not add up.",
        Fault.REWRITTEN: f"{which}{row} was written anew: what follows or was written down knew it otherwise.",
        Fault.MISSING: f"{which} is missing.",
        Fault.ADDED: f"{which}{row} was slipped in: nothing of ours wrote it.",
        Fault.HEADLESS: "the chain's head is missing; its entries are whole.",
        Fault.CUT: f"{which} is missing at the end.",
    }[found.fault]
    return words + _anchor(found)


def _anchor(found: Finding) -> str:
    if found.anchor is None:
        return ""
    return (
        f" On {found.anchor.at:%Y-%m-%d %H:%M} UTC entry {found.anchor.number} was written down in {anchors.path()}. "
        "Either somebody changed the table, or an older database was put back by hand: "
        "`flask ops restore` would have written that down, and `flask audit accept-restore` does so afterwards."
    )
