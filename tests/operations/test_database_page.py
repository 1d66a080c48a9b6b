"""Owners see the database from inside: pools, transactions, slow statements; and no value of anybody's."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.statistics import counters
from kroi.operations.backup import records
from kroi.operations.backup.records import Record, Trial
from kroi.operations.health import service
from kroi.operations.insight import rules as insight
from kroi.operations.insight import words as insight_words
from kroi.operations.metrics import rules as metrics
from kroi.operations.metrics.rules import Value
from kroi.operations.metrics.sharing import Folder
from tests.support.client import Client
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
PATH = "/staff/operations/database"


@pytest.fixture(autouse=True)
def nothing_counted(app: Flask) -> Iterator[None]:
    """As after a start."""
    counters.forget_everything()
    yield
    counters.forget_everything()


def test_pools_transactions_cache_queue_and_backup_are_told(app: Flask, signed_in: SignIn, olga: User) -> None:
    instance = app.extensions["kroi.settings"].instance
    records.remember(instance, Record(clock.now(), "kroi-proven.zip"))
    records.note_trial(instance, Trial(clock.now(), "kroi-proven.zip", 41.2, 46_405))
    text = signed_in(olga).get(PATH).text
    for note in ("last-backup.json", "last-restore-trial.json"):
        (instance / note).unlink()
    for words in (
        "Pages and chores", "In use", "Transactions", "Stored", "Shared cache", "there is none", "Messages to send",
    ):  # fmt: skip
        assert words in text
    assert "kroi-proven.zip" in text and "41.2 s" in text and "46,405" in text and "None took" in text


def test_what_other_processes_counted_is_in_the_sums(app: Flask, signed_in: SignIn, olga: User) -> None:
    folder = app.extensions["kroi.metrics"].folder
    other = Folder(folder.path)
    client = signed_in(olga)
    client.get(PATH)
    other.write([Value(metrics.TRANSACTIONS, ("committed",), 4_321_000), Value(metrics.PROCESSES, (), 1)])
    text = client.get(PATH).text
    other.close()
    folder.close()
    assert "4,321," in text and "All server processes (2)" in text


def test_without_the_figures_the_rest_is_told(
    app: Flask, signed_in: SignIn, olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_folder: Folder) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Folder, "read", full)
    client = signed_in(olga)
    assert "The counts cannot be read" in client.get(PATH).text
    assert client.get("/staff/operations/").status_code == 200


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT cars.id FROM cars JOIN leads ON leads.car_id = cars.id", "SELECT cars, leads"),
        ("INSERT INTO outbox (id) VALUES (…)", "INSERT outbox"),
        ("SELECT people.id, people.name FROM peo…", "SELECT people"),
        ("SELECT a.x, b.x, c.x, d.x, e.x FROM a", "SELECT a, b, c, d …"),
        ("COMMIT", "COMMIT"),
    ],
)
def test_a_statement_is_named_by_what_it_does_to_which_tables(statement: str, said: str) -> None:
    assert insight.brief(statement) == said


def test_slow_statements_stand_there_with_their_page_and_without_values(
    app: Flask, signed_in: SignIn, olga: User
) -> None:
    counters.count_query("SELECT * FROM people WHERE email = 'alice@example.com'", 1234.4, "/cars/<slug>", slow=True)
    text = signed_in(olga).get(PATH).text
    assert "SELECT * FROM people" in text and "alice@example.com" not in text
    assert "/cars/&lt;slug&gt;" in text and "1,234" in text.replace("\u202f", ",").replace("\xa0", " ")


def test_the_last_statements_can_be_read_newest_first(app: Flask, signed_in: SignIn, olga: User) -> None:
    for number in (1, 2):
        counters.count_query(f"SELECT {number}x FROM cars", 3.0, "/cars/", slow=False)
    text = signed_in(olga).get(PATH).text
    history = text[text.index("Of server process") :]
    assert history.index("2x FROM cars") < history.index("1x FROM cars")


def test_it_costs_few_queries(app: Flask, signed_in: SignIn, olga: User) -> None:
    client = signed_in(olga)
    with counted_queries() as sent:
        client.get(PATH)
    assert len(sent) <= 10


def test_only_owners_may_look(client: Client, signed_in: SignIn, boris: User, ana: User) -> None:
    assert [signed_in(each).get(PATH).status_code for each in (boris, ana)] == [403, 403]
    assert client.get(PATH).status_code == 303


@pytest.mark.parametrize(
    ("took", "said"), [(0.043, "0.04 ms"), (0.4, "0.40 ms"), (1.26, "1.3 ms"), (9.6, "9.6 ms"), (1234.4, "1,234 ms")]
)
def test_a_time_has_the_decimals_that_say_something(app: Flask, took: float, said: str) -> None:
    assert insight_words.milliseconds(took).replace("\xa0", " ") == said


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_it_is_told_in_the_readers_language(app: Flask, signed_in: SignIn, olga: User, language: str) -> None:
    client = signed_in(olga)
    client.post("/staff/profile", data={"name": olga.name, "language": language})
    text = client.get(PATH).text
    assert "In use" not in text and "Slow statements" not in text and "Taken back" not in text


def test_machines_are_told_numbers_only(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_ask_database", lambda: 3)  # however busy this machine is
    counters.count_query("SELECT secrets FROM people", 1234.4, "/my/<key>", slow=True)
    answer = client.get("/api/health/db")
    found = answer.get_json()
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    assert found["status"] == "healthy" and found["milliseconds"] == 3
    assert found["queries"]["slow"] == 1 and found["queries"]["slowest_milliseconds"] == 1234
    assert {"name", "least", "most", "open", "lent", "waiting"} == found["pools"][0].keys()
    assert "SELECT" not in answer.text and "/my/" not in answer.text
    head = client.head("/api/health/db")
    assert head.status_code == 200 and head.data == b""
