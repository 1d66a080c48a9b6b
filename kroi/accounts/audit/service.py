"""Writing the audit: entries gather during a transaction and join the chain as its last act.

So the chain's head is locked for a moment only, and an undone transaction leaves no entry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import select

from kroi.accounts.audit import rules
from kroi.accounts.models import AuditEntry, AuditHead
from kroi.core import clock
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import before_commit, in_transaction

_actor: ContextVar[int | None] = ContextVar("kroi_actor", default=None)
_WAITING = "kroi.audit"


@contextmanager
def acting_as(user_id: int | None) -> Iterator[None]:
    """Entries made inside say that this user did it; `None` is the system or a shopper."""
    token = _actor.set(user_id)
    try:
        yield
    finally:
        _actor.reset(token)


def actor_id() -> int | None:
    """Who acts now, for history rows."""
    return _actor.get()


def record(
    action: str,
    subject_kind: str,
    subject_id: int | None,
    *,
    details: dict[str, Any] | None = None,
    person_id: int | None = None,
    sealed: str | None = None,
) -> None:
    """Note that `action` was done. `details` hold nothing personal; `sealed` is encrypted under the person's key."""
    if not in_transaction():
        raise RuntimeError("what is audited happens in a transaction")
    waiting = session.info.setdefault(_WAITING, [])
    if not waiting:
        before_commit(_join_chain)
    waiting.append(
        {
            "actor_id": _actor.get(),
            "action": action,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "details": details or {},
            "person_id": person_id,
            "sealed": sealed,
        }
    )


def _join_chain() -> None:
    waiting: list[dict[str, Any]] = session.info.pop(_WAITING, [])
    head = _lock_head()
    for facts in waiting:
        at, number = clock.now(), head.number + 1
        digest = rules.entry_hash(head.hash, number, at, facts)
        session.add(AuditEntry(number=number, at=at, previous_hash=head.hash, hash=digest, **facts))
        head.number, head.hash = number, digest
    session.flush()


def _lock_head() -> AuditHead:
    dialects.lock_named(session, f"audit {current_dealership_id()}")
    head = session.scalar(select(AuditHead).execution_options(populate_existing=True))
    if head is None:
        head = AuditHead(number=0, hash=rules.START)
        session.add(head)
    return head
