"""An upgrade while people ask: the version before goes on serving on the new schema, and nobody sees a failure."""

import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.deploy import before
from tests.deploy.conftest import furnish
from tests.deploy.installation import Installation
from tests.deploy.test_end_to_end import first_car, signed_in
from tests.support.source import ROOT

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]  # a whole installation is started
OLD_ENOUGH = 2.2  # seconds between a form and its answer, so that it came from a person


class Shopper(threading.Thread):
    """Looks and asks without end, each time as somebody else; `answers` counts by status, `asked` what was thanked."""

    def __init__(self, made: Installation) -> None:
        super().__init__()
        self._made, self._over = made, threading.Event()
        self.answers: Counter[str] = Counter()
        self.asked = 0

    def run(self) -> None:
        """Until `stop`."""
        while not self._over.is_set():
            try:
                self._round()
            except Exception as error:  # each is a visitor who saw a failure
                self.answers[repr(error)] += 1

    def stop(self) -> None:
        """After this round."""
        self._over.set()
        self.join(60)

    def _round(self) -> None:
        visitor = self._made.visitor()
        page = f"/cars/{first_car(visitor)}/inquiry"
        ticket, until = visitor.field(page, "submission"), time.monotonic() + OLD_ENOUGH
        while time.monotonic() < until:
            self.answers[f"page {visitor.get('/cars/?sort=price').status}"] += 1
            time.sleep(0.1)
        number = self.answers.total()
        sent = {"name": f"Shopper {number}", "email": f"s{number}@shopper.test", "message": f"Question {number}"}
        answer = visitor.post(page, submission=ticket, interest="question", **sent)
        self.answers[f"question {answer.status}"] += 1
        self.asked += answer.status == 303


def count_leads(made: Installation) -> int:
    if made.engine == "sqlite":
        with closing(sqlite3.connect(made.folder / "instance" / "kroi.sqlite3")) as database:
            return int(database.execute("SELECT count(*) FROM leads").fetchone()[0])
    with psycopg.connect(made.environment["DIRECT_DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM leads").fetchone()
        return int(row[0]) if row else 0


def works_for_staff(made: Installation) -> None:
    olga = signed_in(made, "olga@a.test")
    for page in ("/staff/", "/staff/leads/", "/staff/cars/", "/staff/users/"):
        assert olga.get(page).status == 200, page


def restart_each(made: Installation) -> None:
    """One web server after the other, then the worker."""
    for port in made.webs:
        assert made.end(f"kroi-web@{port}") == 0
        made.start_web(port)
    assert made.end("kroi-worker") == 0
    made.unit("kroi-worker.service")


def test_an_upgrade_that_nobody_notices(engine: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = before.unpacked(tmp_path / "before")
    if code is None:
        with capfd.disabled():
            print(f"\n{before.WITHOUT_HISTORY}")  # noqa: T201  # said to whoever runs it
        return
    made = Installation(tmp_path, engine, code)
    try:
        made.start()
        furnish(made)
        shopper = Shopper(made)
        shopper.start()
        made.code = ROOT
        made.flask("db", "upgrade")
        works_for_staff(made)  # still the version before
        restart_each(made)
        works_for_staff(made)
        shopper.stop()
        assert set(shopper.answers) == {"page 200", "question 303"}, f"{shopper.answers}\n{made.said()}"
        assert shopper.asked == count_leads(made) > 0
    finally:
        made.remove()
