"""How many mails a minute one worker hands to a mail server nearby: `python -m tests.notifications.rate [HOW MANY]`."""

import sys
import tempfile
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from flask_migrate import upgrade

from kroi.accounts.models import Role, User
from kroi.core.config import Settings
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.factory import create_app
from kroi.leads import service as leads
from kroi.leads.models import Lead
from kroi.leads.rules import InquiryDraft, Interest
from kroi.notifications.cli import render
from kroi.notifications.delivery import service
from kroi.notifications.delivery.carriers import Smtp
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Outbox, OutboxKind
from tests.notifications.conftest import Inbox, free_port


def main(count: int) -> None:
    """Fill an outbox of a fresh SQLite database, and time the sweeps that empty it."""
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings.from_env({"SECRET_KEY": "x" * 40}, instance=Path(folder)))
        with app.app_context():
            upgrade()
            [house] = dealerships.list_profiles()
            with acting_for(house.id), transaction():
                _fill(count)
            post = Post(Smtp(f"smtp://127.0.0.1:{server.port}"), render, "http://127.0.0.1:8000")
            begin, busy, sent = time.perf_counter(), time.process_time(), 0
            while some := service.sweep(post):
                sent += some
            took, busy = time.perf_counter() - begin, time.process_time() - busy
    server.stop(no_assert=True)
    assert sent == len(inbox.mails) == count
    rate = f"{60 * sent / took:,.0f} a minute"
    sys.stdout.write(f"{sent} mails in {took:.1f} s ({busy:.1f} s of them computing): {rate}\n")


def _fill(count: int) -> None:
    user = User(name="Ana", role=Role.SALES, email="ana@example.test", password_hash="", language="en")
    session.add(user)
    session.flush()
    draft = InquiryDraft("Anna Aho", "anna@example.com", None, "Is it here?", Interest.QUESTION)
    lead: Lead = leads.add_walk_in(draft, car=None)
    session.flush()
    session.query(Outbox).delete()
    session.add_all(Outbox(kind=OutboxKind.NEW_LEAD, lead_id=lead.id, user_id=user.id) for _ in range(count))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
