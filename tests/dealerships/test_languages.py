"""Which languages a dealership's pages speak is the dealership's choice."""

from flask import Flask

from tests.support.client import Client


def test_a_command_chooses_the_languages_and_which_is_the_own_one(app: Flask, client: Client) -> None:
    result = app.test_cli_runner().invoke(args=["dealerships", "languages", "fi", "sv", "fi", "--dealership", "a.test"])
    assert result.exit_code == 0 and result.output == "A Motors speaks Suomi, Svenska.\n"
    assert '<html lang="fi">' in client.get("/cars/").text and '<html lang="sv">' in client.get("/sv/cars/").text
    assert client.get("/fi/cars/").headers["Location"] == "/cars/" and client.get("/en/cars/").status_code == 404


def test_a_language_that_kroi_does_not_speak_is_refused(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    assert run(args=["dealerships", "languages", "de", "--dealership", "a.test"]).exit_code == 2
    wrong = run(args=["dealerships", "languages", "fi", "--dealership", "nowhere.test"])
    assert wrong.exit_code == 1 and "Say which dealership" in wrong.output
