"""Commands that look at the database and tidy it."""

import json
from dataclasses import asdict

import click
from flask import current_app
from flask.cli import with_appcontext

from kroi.operations.upkeep import service, words
from kroi.operations.words import in_words
from kroi.web.settings import settings

_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.command("monitor")
@_json
@with_appcontext
def monitor_command(as_json: bool) -> None:
    """Look at the database: sizes, use of indexes, dead rows, locks, connections, memory, what is slow; and the cache.

    Example: flask ops monitor --json
    """
    with in_words():
        found = service.look(settings())
    if as_json:
        click.echo(json.dumps(found.data(), indent=1))
        return
    for line in words.plain(found):
        click.echo(line)


@click.command("upkeep")
@click.option("--reindex", is_flag=True, help="Make every index anew, beside the one in use.")
@click.option("--compact", is_flag=True, help="SQLite: write the file anew if a quarter of it is empty; writers wait.")
@_json
@with_appcontext
def upkeep_command(reindex: bool, compact: bool, as_json: bool) -> None:
    """Delete what is over its time, and vacuum and analyze every table, while Kroi works.

    On PostgreSQL nobody waits: indexes are made with CONCURRENTLY, and a table that somebody has locked is left out and
    named. On SQLite a writer waits for one table or index at most. Exit code 1 when something was not done; all else
    is done.

    Example: flask ops upkeep --reindex
    """
    steps = []
    with in_words():
        chores = current_app.extensions["kroi.chores"]
        for step in service.tidy(settings(), chores, reindex=reindex, compact=compact):
            steps.append(step)
            if not as_json:
                click.echo(f"{step.what}: {step.trouble or 'done'} ({step.seconds:.1f} s)")
    if as_json:
        click.echo(json.dumps([asdict(step) for step in steps], indent=1))
    if any(step.trouble for step in steps):
        raise SystemExit(1)


COMMANDS = (monitor_command, upkeep_command)
