"""The command that changes databases."""

import os
import subprocess
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from kroi.db.model import db, session
from kroi.operations.backup import service as backups
from kroi.operations.switch import rules, service
from kroi.operations.words import in_words
from kroi.web.settings import settings

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("switch")
@click.argument("engine", type=click.Choice(rules.ENGINES))
@click.option("--migrate", is_flag=True, help="Bring the schema here up to date first, if it is an older one.")
@click.option("--seed", is_flag=True, help="Load the demo into the new database if it has no cars and no staff.")
@click.option("--env-file", type=_FILE, help="The file of settings to change; else .env beside app.py.")
@click.option("--no-env-file", is_flag=True, help="Change no file: you set DATABASE_URL yourself.")
@with_appcontext
def switch_command(engine: str, migrate: bool, seed: bool, env_file: Path | None, no_env_file: bool) -> None:
    """Move everything to the other database, and let Kroi run there.

    Stop the web server and the worker first: it is refused while they run. OTHER_DATABASE_URL, in the environment or
    in .env, says where to; without it SQLite is the file in instance/. A backup is written first. Every row is copied,
    read back and compared; only then .env is changed, and the old database lets nobody write any more. Killed or
    failed at any point, the old one stays in use as it was. The way back is the same command; what it left is replaced.

    Example: OTHER_DATABASE_URL=postgresql://kroi@localhost/kroi flask ops switch postgresql
    """
    file = None if no_env_file else env_file or Path(current_app.root_path) / ".env"
    with in_words():
        if seed and settings().production:
            raise click.ClickException("The demo makes logins that are printed, so it is not loaded in production.")
        _let_go()
        found = service.plan(settings(), engine, file)
        if migrate:
            found.old.check_idle()
            _back_up()
            upgrade()
            _let_go()
        service.check(found)
        if not migrate:
            _back_up()
        _let_go()
        moved = service.switch(found)
    rows = sum(table.rows for table in moved.values())
    click.echo(f"Moved to {engine}: {rows:,} rows in {len(moved)} tables, every one read back and found the same.")
    click.echo(_what_next(found))
    if seed:
        _seed(found.new_url)


def _back_up() -> None:
    made = backups.create(settings(), settings().backup_url)
    click.echo(f"Backup: {made}")


def _what_next(found: service.Plan) -> str:
    if found.file:
        return f"{found.file} names it now. Start Kroi again; the old database can be read and no longer written."
    address = rules.without_password(found.new_url)
    return f"Set DATABASE_URL to {address}, unset {' and '.join(rules.TIED)}, and start Kroi again."


def _let_go() -> None:
    """We must not be the one who is still connected."""
    session.remove()
    current_app.extensions["kroi.glance"].dispose()
    db.engine.dispose()


def _seed(url: str) -> None:
    """In a process of its own: this one is bound to the database that was left."""
    environment = {name: value for name, value in os.environ.items() if name != "DIRECT_DATABASE_URL"}
    command = [sys.executable, "-m", "flask", "--app", "app", "demo", "load"]
    done = subprocess.run(command, cwd=current_app.root_path, env={**environment, rules.OURS: url}, check=False)
    if done.returncode:
        raise click.ClickException("The move is done, but the demo could not be loaded; why stands above.")


COMMANDS = (switch_command,)
