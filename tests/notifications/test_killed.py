"""A worker that is killed again and again in mid-delivery, before a real mail server: nothing is lost or invented."""

import email
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import update

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.mail.models import Mail
from kroi.notifications.models import Outbox
from tests.leads.mail.rows import written
from tests.notifications.conftest import Inbox, free_port
from tests.notifications.test_worker import start_worker, wait_for
from tests.support.makers import make_lead

__all__ = ["start_worker"]
MAILS, KILLS = 18, 3


class Slow(Inbox):
    """Says yes a moment after it took a mail: the moment in which a worker can die without knowing."""

    def holds(self, count: int) -> bool:
        """Has it got as many?"""
        return len(self.mails) >= count

    async def handle_DATA(self, server: Any, connection: Any, envelope: Any) -> str:
        """Take it, and be slow to say so."""
        self.mails.append(envelope.content)
        time.sleep(random.uniform(0, 0.05))
        return "250 OK"


def two_minutes_pass() -> None:
    """What a killed worker had in hand is free again."""
    with transaction():
        session.execute(update(Outbox).where(Outbox.sent_at.is_(None)).values(claimed_until=clock.now()))


def sent() -> int:
    session.rollback()
    return session.query(Outbox).filter(Outbox.sent_at.is_not(None)).count()


@pytest.mark.server
def test_a_worker_killed_again_and_again_loses_nothing_and_sends_twice_only_what_it_could_not_know(
    ana: User, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    box = Slow()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    mails = [written(make_lead(), text=f"Number {number}").message_id for number in range(MAILS)]
    try:
        for part in range(1, KILLS + 1):
            worker = start_worker(SMTP_URL=f"smtp://127.0.0.1:{server.port}")
            wait_for(partial(box.holds, part * MAILS // (KILLS + 2)))
            worker.kill()
            worker.wait()
            two_minutes_pass()
        start_worker(SMTP_URL=f"smtp://127.0.0.1:{server.port}")
        wait_for(lambda: sent() == MAILS)
    finally:
        server.stop(no_assert=True)
    arrived = Counter(str(email.message_from_bytes(each)["Message-ID"]) for each in box.mails)
    assert set(arrived) == set(mails), "each of them, and nothing else"
    twice = sum(arrived.values()) - MAILS
    assert twice <= KILLS, "at most the one in hand, for each kill, and under the same id"
    bodies = {email.message_from_bytes(each)["Message-ID"]: each for each in box.mails}
    assert len(bodies) == MAILS
    session.expire_all()
    assert all(mail.sent_at and not mail.failed_at for mail in session.query(Mail))
