"""Forgetting what is over, a few rows at a time, so that nobody waits for it."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from sqlalchemy import delete, update

from kroi.accounts import audit
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit, transaction
from kroi.dealerships import queries as dealerships
from kroi.leads.files.models import LeadFile
from kroi.leads.mail.models import Mail, MailReceipt
from kroi.leads.models import Activity, ActivityKind
from kroi.leads.privacy import aftermath, service
from kroi.leads.privacy.files import NAMES
from kroi.leads.privacy.models import Aftermath
from kroi.leads.privacy.retention import queries
from kroi.leads.privacy.retention.queries import Today
from kroi.leads.privacy.rules import Why
from kroi.leads.wishes.models import WishPhoto

RECEIPTS_KEPT = timedelta(days=365)
"""Digests by which a mail is taken in once; the mailbox itself marks what was read."""
_AT_ONCE = 50
_ROUNDS = 20
"""In one go of the chore; what is left waits for the next."""


def forget_over() -> None:
    """Forget leads, files and quotations whose time is over, and whoever has no lead left. A chore."""
    today = Today.at(dealerships.get_profile(current_dealership_id()))
    for forget in (_forget_leads, _forget_files, _forget_photos, _forget_quotations):
        _in_rounds(forget, today)
    with transaction():
        old = MailReceipt.at < clock.now() - RECEIPTS_KEPT
        session.execute(delete(MailReceipt).where(old).execution_options(synchronize_session=False))


def _in_rounds(forget: Callable[[Today], int], today: Today) -> None:
    for _round in range(_ROUNDS):
        with transaction():
            done = forget(today)
        if done < _AT_ONCE:
            break


def _forget_leads(today: Today) -> int:
    over = queries.list_due(today, _AT_ONCE)
    if over:
        service.erase_leads(over, why=Why.RETENTION)
    return len(over)


def _forget_files(today: Today) -> int:
    over = queries.list_files_due(today, _AT_ONCE)
    for file in over:
        facts = {"file": file.id, "removed": True}
        line = Activity(lead_id=file.lead_id, kind=ActivityKind.FILE, at=clock.now(), text=None, facts=facts)
        session.add(line)
    return _forget_rows(over, "files.forgotten")


def _forget_photos(today: Today) -> int:
    return _forget_rows(queries.list_photos_due(today, _AT_ONCE), "photos.forgotten")


def _forget_rows(over: Sequence[LeadFile] | Sequence[WishPhoto], action: str) -> int:
    """Rows that stand for files go, and the files once that is stored."""
    if over:
        names = sorted({name for row in over for name in NAMES[type(row)](row)})
        for row in over:
            session.delete(row)
        # No line of the ledger: nobody is erased, and after a restore the same clocks run again.
        session.add(Aftermath(why=Why.RETENTION, people=[], leads=[], files=names, noted_at=clock.now()))
        _record(action, {row.lead_id for row in over}, len(over))
        after_commit(aftermath.begin)
    return len(over)


def _forget_quotations(today: Today) -> int:
    over = queries.list_quotations_due(today, _AT_ONCE)
    if over:
        shorter = update(Mail).where(Mail.id.in_(over)).values(whole=None)
        session.execute(shorter.execution_options(synchronize_session=False))
        audit.record("mails.shortened", "mails", None, details={"count": len(over)})
    return len(over)


def _record(action: str, lead_ids: Iterable[int], count: int) -> None:
    audit.record(action, "leads", None, details={"count": count, "leads": sorted(lead_ids)})
