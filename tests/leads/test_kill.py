"""An acknowledged inquiry is kept, once, whatever happens to the server that took it."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from kroi.leads.models import Lead, Person
from tests.leads.asking import ticket_in
from tests.support.databases import dispose, settings_for
from tests.support.machines import MakeServer
from tests.support.server import Server

SENDS, HANDS, ENOUGH = 200, 8, 60
pytestmark = pytest.mark.server


class Crowd:
    """Shoppers who each ask something of their own; `thanked` are those who were told that we have it."""

    def __init__(self, server: Server, ticket: str) -> None:
        self.server, self.ticket = server, ticket
        self.thanked: set[int] = set()

    def send(self, numbers: list[int], *, stop_after: int = SENDS, then: Callable[[], None] = lambda: None) -> None:
        """All these shoppers send, some at a time; `then` happens once `stop_after` of them are thanked."""
        waiting = list(reversed(numbers))
        threads = [threading.Thread(target=self._work, args=(waiting,)) for _ in range(HANDS)]
        for each in threads:
            each.start()
        while len(self.thanked) < stop_after and any(each.is_alive() for each in threads):
            time.sleep(0.001)
        then()
        for each in threads:
            each.join()

    def _work(self, waiting: list[int]) -> None:
        while True:
            try:
                number = waiting.pop()
            except IndexError:
                return
            if self._asks(number):
                self.thanked.add(number)

    def _asks(self, number: int) -> bool:
        typed = {
            "name": f"Shopper {number}",
            "email": f"shopper{number}@example.com",
            "message": f"Question {number}",
            "submission": self.ticket,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        try:
            connection.request("POST", "/contact", urlencode(typed), headers)
            return connection.getresponse().status == 303
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_server_killed_amid_two_hundred_sends_keeps_what_it_acknowledged(
    make_server: MakeServer, database: str
) -> None:
    server = make_server(database, INQUIRY_LIMIT="1000000")
    server.start(processes=2)
    crowd = Crowd(server, _ticket(server))
    crowd.send(list(range(SENDS)), stop_after=ENOUGH, then=server.kill)
    assert ENOUGH <= len(crowd.thanked) < SENDS, "the kill came in the middle"
    kept = Counter(_asked(server))
    assert {number: kept[number] for number in crowd.thanked} == dict.fromkeys(crowd.thanked, 1)
    assert max(kept.values()) == 1

    server.start(processes=2)
    crowd.send(list(range(SENDS)))
    assert crowd.thanked == set(range(SENDS))
    assert Counter(_asked(server)) == Counter(range(SENDS)), "who sends again is not asked twice"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_server_told_to_stop_amid_two_hundred_sends_thanks_for_everything_it_keeps(
    make_server: MakeServer, database: str
) -> None:
    server = make_server(database, INQUIRY_LIMIT="1000000")
    server.start(processes=2)
    crowd = Crowd(server, _ticket(server))
    crowd.send(list(range(SENDS)), stop_after=ENOUGH, then=server.stop)
    assert ENOUGH <= len(crowd.thanked) < SENDS, "it came in the middle"
    assert Counter(_asked(server)) == Counter(crowd.thanked), "nobody who was let in went without an answer"


def _ticket(server: Server) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/contact")
    ticket = ticket_in(connection.getresponse().read().decode())
    connection.close()
    time.sleep(2.1)  # nobody types faster
    return ticket


def _asked(server: Server) -> list[int]:
    """The numbers of the questions on disk, each with a person of its own."""
    app = create_app(settings_for(server.database_url, server.instance))
    with app.app_context():
        (profile,) = dealerships.list_profiles()
        with acting_for(profile.id):
            rows = session.execute(select(Lead.message, Person.name).join(Person, Person.id == Lead.person_id)).all()
        session.remove()
    dispose(app)
    assert all(message.split()[1] == name.split()[1] for message, name in rows)
    return [int(message.split()[1]) for message, _name in rows]
