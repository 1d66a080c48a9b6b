"""Shoppers who ask without end, and send again what was not acknowledged, as a patient person would."""

import http.client
import re
import threading
import time
from collections import deque
from collections.abc import Callable

from tests.deploy.visitor import Answer, Visitor
from tests.drill.ledger import AGAIN, REFUSED, SILENT, SUCCESS, WRONG, Ledger, verdict

OLD_ENOUGH = 2.2  # seconds between a form and its answer, so that it came from a person
PAUSE = 0.25  # seconds before the same is sent again
PAGE = "/contact"
_LATEST, _TOO_LATE = 30, "no answer in 30 s"
_AGAIN_EVERY = 10  # one in so many sends what was acknowledged a second time, as by a double click
Make = Callable[[], Visitor]


class Shopper(threading.Thread):
    """Asks for a form, fills it in, sends it until it is acknowledged, and begins anew as somebody else."""

    def __init__(self, make: Make, ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self._make, self._ledger, self._over = make, ledger, threading.Event()

    def run(self) -> None:
        """Until `stop`."""
        while not self._over.is_set():
            ticket = self._ticket()
            if not self._over.wait(OLD_ENOUGH) and ticket:
                self.ask(self._ledger.number(), ticket)

    def stop(self) -> None:
        """After what is in hand is acknowledged."""
        self._over.set()

    def ask(self, number: int, ticket: str, patience: float = 60) -> bool:
        """Send until it is acknowledged; was it, within so many seconds?"""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            answer = self._sent(number, ticket)
            if answer is None or answer.status in (429, 503):
                time.sleep(PAUSE)
                continue
            if answer.status == 303 and number % _AGAIN_EVERY == 0:
                self._sent(number, ticket)
            return answer.status == 303
        self._ledger.note(patience, WRONG, f"not acknowledged within {patience:.0f} s")
        return False

    def _sent(self, number: int, ticket: str) -> Answer | None:
        typed = {"name": f"Shopper {number}", "email": f"s{number}@shopper.test", "message": f"Question {number}"}
        answer = asked(self._ledger, lambda: self._make().post(PAGE, submission=ticket, interest="question", **typed))
        if answer is not None and answer.status == 303:
            found = re.search(r"[?&]reference=([^&]+)", answer.headers["location"])
            self._ledger.thank(number, found.group(1) if found else "")
        return answer

    def _ticket(self) -> str:
        return ticket(self._make, self._ledger) or ""


class Crowd:
    """Some shoppers at once, with what they were answered."""

    def __init__(self, make: Make, count: int) -> None:
        self.make, self.ledger = make, Ledger()
        self._shoppers = [Shopper(make, self.ledger) for _ in range(count)]
        self._tickets: deque[str] = deque()

    def start(self) -> None:
        """They begin, one after the other."""
        self._tickets.append(self._first_ticket())
        for each in self._shoppers:
            each.start()
            time.sleep(OLD_ENOUGH / len(self._shoppers))

    def stop(self) -> None:
        """They finish what they have in hand; raises RuntimeError when one of them hangs."""
        for each in self._shoppers:
            each.stop()
        for each in self._shoppers:
            each.join(90)
        if any(each.is_alive() for each in self._shoppers):
            raise RuntimeError("a shopper got no answer for ever")

    def recovers(self, patience: float = 60) -> float:
        """Seconds from now until an inquiry is acknowledged."""
        began = time.monotonic()
        Shopper(self.make, self.ledger).ask(self.ledger.number(), self._tickets[0], patience)
        return time.monotonic() - began

    def _first_ticket(self) -> str:
        found = ticket(self.make, self.ledger)
        if found is None:
            raise RuntimeError(f"there is no form to fill in: {[each.words for each in self.ledger.events]}")
        return found


def ticket(make: Make, ledger: Ledger) -> str | None:
    """A fresh form's."""
    page = asked(ledger, lambda: make().get(PAGE))
    found = re.search(r'name="submission"[^>]*value="([^"]*)"', page.text) if page and page.status == 200 else None
    if page is not None and page.status == 200 and found is None:
        ledger.note(0, WRONG, "a form without a ticket")
    return found.group(1) if found else None


def asked(ledger: Ledger, ask: Callable[[], Answer]) -> Answer | None:
    """What came back, written down; `None` when nobody answered."""
    began = time.monotonic()
    try:
        answer = ask()
    except TimeoutError:
        ledger.note(time.monotonic() - began, WRONG, _TOO_LATE)
        return None
    except (OSError, http.client.HTTPException) as error:
        ledger.note(time.monotonic() - began, SILENT, type(error).__name__)
        return None
    worth, took = verdict(answer.status, answer.headers), time.monotonic() - began
    ledger.note(took, *((WRONG, _TOO_LATE) if took > _LATEST else (worth, _words(answer, worth))))
    return answer


def _words(answer: Answer, worth: str) -> str:
    if worth in (SUCCESS, AGAIN):
        return str(answer.status)
    shown = " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())[-160:] if worth in (REFUSED, WRONG) else ""
    return f"{answer.status} {shown}"
