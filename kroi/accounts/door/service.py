"""Counting tries. A try is written down before its password is looked at, so that many at once are no way round."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select

from kroi.accounts.door import rules
from kroi.accounts.door.rules import Knock
from kroi.accounts.models import SignInAttempt
from kroi.core import clock
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction

KEPT = timedelta(days=1)


def count(knock: Knock) -> SignInAttempt | None:
    """One more try, or `None` when there were too many. Waits for others at the same account or address."""
    for name in sorted((f"door {knock.account}", f"door {knock.address}")):
        dialects.lock_named(session, f"{name} {current_dealership_id()}")
    by_account = _recent(
        SignInAttempt.account_digest == knock.account, SignInAttempt.known_device == knock.known_device
    )
    by_address = _recent(SignInAttempt.address_digest == knock.address, ~SignInAttempt.known_device)
    if not rules.may_try(knock, by_account=by_account, by_address=by_address):
        return None
    attempt = SignInAttempt(
        at=clock.now(),
        address_digest=knock.address,
        account_digest=knock.account,
        known_device=knock.known_device,
    )
    session.add(attempt)
    session.flush()
    return attempt


def forget(attempt_id: int) -> None:
    """This try was the right one; and what is older than a day is of no use any more."""
    dialects.lock_named(session, f"old tries {current_dealership_id()}")  # two who delete the same rows could deadlock
    outdated = SignInAttempt.at < clock.now() - KEPT
    session.execute(delete(SignInAttempt).where((SignInAttempt.id == attempt_id) | outdated))


def forget_old() -> None:
    """What is older than a day goes, also where nobody signs in. A chore."""
    with transaction():
        forget(0)


def _recent(*of: ColumnElement[bool]) -> int:
    since = SignInAttempt.at > clock.now() - rules.WINDOW
    return session.scalar(select(func.count()).select_from(SignInAttempt).where(since, *of)) or 0
