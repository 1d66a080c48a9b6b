"""Sessions that ended by themselves are forgotten, the others are not."""

from datetime import timedelta

import time_machine

from kroi.accounts.models import StaffSession, User
from kroi.accounts.sessions import rules, service
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction


def test_over_night_what_is_over_is_forgotten(ana: User) -> None:
    with time_machine.travel(clock.now() - rules.IDLE - timedelta(minutes=1), tick=True), transaction():
        service.start(ana)
    with transaction():
        service.start(ana)
    secret = ana.session_token
    service.forget_over()
    assert [row.token_digest for row in session.query(StaffSession)] == [service.digest(secret)]
