"""What notifications do when something happens elsewhere: they write rows, and the worker sends later."""

from kroi.accounts import audit
from kroi.accounts.events import EmailChanged, LinkMade
from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import after_commit
from kroi.dealerships import queries as dealerships
from kroi.leads.events import (
    AnswerCame,
    AnswerOverdue,
    AnswerRunsOut,
    ErasureBegins,
    InquirySubmitted,
    LeadAssigned,
    LeadMoved,
    LeadReturned,
    LeadStranded,
    MailFailed,
    MailHurried,
    MailRecalled,
    MailWritten,
    ShopperActed,
    ShopperDid,
    VisitChanged,
    VisitNews,
)
from kroi.leads.models import Lead
from kroi.notifications import rules, service
from kroi.notifications.delivery import kept
from kroi.notifications.models import OutboxKind
from kroi.notifications.notices import service as notices
from kroi.notifications.rules import HookEvent, NoticeKind
from kroi.notifications.webhooks import service as webhooks


def on_link(event: LinkMade) -> None:
    """One of the staff gets a link to choose a password by."""
    service.send_link(event.user_id, OutboxKind(event.kind))


def on_email(event: EmailChanged) -> None:
    """One of the staff has another address."""
    service.tell_of_new_email(event.user_id, event.ticket_id)


def on_inquiry(event: InquirySubmitted) -> None:
    """A shopper asked."""
    service.tell_of_lead(event.lead_id)
    webhooks.tell(HookEvent.LEAD_RECEIVED, event.lead_id)


def on_assigned(event: LeadAssigned) -> None:
    """Somebody got a lead; who took it themselves knows."""
    if event.user_id != audit.actor_id():
        notices.tell(NoticeKind.ASSIGNED, [event.user_id], event.lead_id)
    webhooks.tell(HookEvent.LEAD_ASSIGNED, event.lead_id, {"user": event.user_id})


def on_erasure(event: ErasureBegins) -> None:
    """Leads are erased: what was mailed about them goes, also where it lies as a file."""
    message_ids = kept.list_of_leads(event.lead_ids)
    after_commit(lambda: kept.forget(message_ids))


def on_moved(event: LeadMoved) -> None:
    """A lead went on."""
    webhooks.tell(HookEvent.LEAD_MOVED, event.lead_id, {"before": event.before.value, "after": event.after.value})


def on_returned(event: LeadReturned | LeadStranded) -> None:
    """A lead is nobody's, and the managers should know, unless the round has found the next for it already."""
    if session.get_one(Lead, event.lead_id).assignee_id is None:
        service.tell_who_manages(NoticeKind.RETURNED, event.lead_id)
    webhooks.tell(HookEvent.LEAD_RETURNED, event.lead_id, {"why": event.why})


def on_runs_out(event: AnswerRunsOut) -> None:
    """The time to answer is nearly over: whoever has the lead hears of it, or everybody while it is nobody's."""
    service.tell_who_answers(NoticeKind.LATE, event.lead_id)
    webhooks.tell(HookEvent.LEAD_LATE, event.lead_id)


def on_overdue(event: AnswerOverdue) -> None:
    """Nobody answered in all that time."""
    service.tell_who_manages(NoticeKind.LATE, event.lead_id)


def on_mail_written(event: MailWritten) -> None:
    """One of us answered."""
    service.send_mail(event.lead_id, event.mail_id, event.leaves_at)


def on_mail_recalled(event: MailRecalled) -> None:
    """An answer that waited is not to leave."""
    service.recall_mail(event.mail_id)


def on_mail_hurried(event: MailHurried) -> None:
    """An answer that waited is to leave now."""
    service.hurry_mail(event.mail_id)


def on_mail_failed(event: MailFailed) -> None:
    """An answer did not arrive."""
    notices.tell(NoticeKind.MAIL_FAILED, [event.user_id], event.lead_id)


def on_answer(event: AnswerCame) -> None:
    """They wrote back."""
    service.tell_who_answers(NoticeKind.ANSWER, event.lead_id)
    webhooks.tell(HookEvent.LEAD_WROTE_BACK, event.lead_id)


def on_visit(event: VisitChanged) -> None:
    """Something became of a visit. Who has just booked it knows, and has a receipt."""
    told = event.what is not VisitNews.BOOKED or event.by_us
    remind_at = None
    if event.what in (VisitNews.BOOKED, VisitNews.MOVED):
        zone = dealerships.get_profile(current_dealership_id()).zone
        remind_at = rules.remind_at(event.starts_at, zone, clock.now())
    service.tell_of_visit(event.lead_id, event.visit_id, event.what.value if told else None, remind_at)


def on_shopper(event: ShopperActed) -> None:
    """A shopper did something on their own page: that waits for an answer like a mail."""
    lead = session.get(Lead, event.lead_id)
    if lead is not None and event.what is ShopperDid.WROTE:
        lead.answer_waiting_at = lead.answer_waiting_at or clock.now()
    service.tell_who_answers(NoticeKind.ANSWER, event.lead_id)
    webhooks.tell(HookEvent.LEAD_WROTE_BACK, event.lead_id, {"what": event.what.value})
