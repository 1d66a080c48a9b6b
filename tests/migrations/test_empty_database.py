"""Commands on a database that holds nothing yet say what to do first, and no trace."""

import pytest
from flask import Flask

COMMANDS = (
    ["users", "add", "nora@a.test", "--name", "Nora"],
    ["users", "password", "nora@a.test"],
    ["stock", "import", __file__],
    ["demo", "load"],
)


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: "-".join(words[:2]))
def test_a_command_on_a_database_without_tables_says_what_to_do(bare: Flask, words: list[str]) -> None:
    said = bare.test_cli_runner().invoke(args=words)
    assert said.exit_code == 1
    assert isinstance(said.exception, SystemExit), repr(said.exception)
    assert "flask db upgrade" in said.output
