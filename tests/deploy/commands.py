"""Does a command that a file names exist: the program, its sub-command, each of its options, each file?"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import click
import granian.cli
from flask.cli import FlaskGroup, ScriptInfo

from kroi.factory import create_app
from tests.deploy import units
from tests.support.source import ROOT

_IMAGE_PROGRAMS = {"sh", "nginx", "start-pgbouncer", "curl", "pg_isready", "valkey-cli", "valkey-server", "grep"}


def faults(words: Sequence[str]) -> list[str]:
    """What is wrong with a command of Kroi's root; empty when all that it names is there."""
    program, *rest = words
    if program.startswith(units.INSTALLED) and ".venv/bin/" not in program:
        return [] if (ROOT / program.removeprefix(units.INSTALLED)).is_file() else [f"there is no {program}"]
    name = Path(program).name
    if name == "flask":
        return _click_faults(_flask(), rest)
    if name == "granian":
        return _click_faults(granian.cli.cli, rest) + ([] if rest[-1] == "app:app" else ["it serves app:app"])
    if name in ("python", "python3", "sh"):
        return [] if rest[0] == "-c" or (ROOT / rest[0]).is_file() else [f"there is no {rest[0]}"]
    return [] if name in _IMAGE_PROGRAMS or (ROOT / program).is_file() else [f"there is no {program}"]


@cache
def _flask() -> click.Command:
    """Flask's own command line with ours in it, as `flask` is started in the root."""
    return FlaskGroup(create_app=create_app)


def _click_faults(command: click.Command, words: Sequence[str]) -> list[str]:
    """Walk to the sub-command, then look at each option."""
    context = click.Context(command, obj=ScriptInfo(create_app=create_app))
    rest = list(words)
    while isinstance(command, click.Group):
        found = command.get_command(context, rest[0]) if rest else None
        if found is None:
            return [f"{command.name or 'flask'} has no command {rest[:1]}"]
        command, rest = found, rest[1:]
    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    asked = {word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"}
    return [f"{command.name} has no option {option}" for option in sorted(asked - known - {"--help"})]
