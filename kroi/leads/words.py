"""What leads' values are called on screen."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.catalogue.models import Car
from kroi.leads.assignment import words as hands
from kroi.leads.clock.words import clocked
from kroi.leads.history.queries import Line
from kroi.leads.models import ActivityKind, Lead
from kroi.leads.rules import CallOutcome, Interest, LeadStatus, LostReason, Priority, Source, SpamReason
from kroi.leads.scoring.words import in_words, score_changed
from kroi.leads.scoring.words import judged_by as judged_by
from kroi.leads.visits.words import happened as visited
from kroi.web import filters, place

STATUSES = {
    LeadStatus.NEW: _l("New"),
    LeadStatus.CONTACTED: _l("Contacted"),
    LeadStatus.QUALIFIED: _l("Qualified"),
    LeadStatus.APPOINTMENT: _l("Appointment"),
    LeadStatus.NEGOTIATING: _l("Negotiating"),
    LeadStatus.WON: _l("Won"),
    LeadStatus.LOST: _l("Lost"),
    LeadStatus.SPAM: _l("Spam"),
}
PRIORITIES = {
    Priority.URGENT: _l("Urgent"),
    Priority.HIGH: _l("High"),
    Priority.NORMAL: _l("Normal"),
    Priority.LOW: _l("Low"),
}
LOST_REASONS = {
    LostReason.BOUGHT_ELSEWHERE: _l("bought elsewhere"),
    LostReason.PRICE: _l("price"),
    LostReason.FINANCE_REFUSED: _l("finance refused"),
    LostReason.CAR_SOLD: _l("car was sold"),
    LostReason.NO_ANSWER: _l("no answer"),
    LostReason.NOT_SERIOUS: _l("not serious"),
    LostReason.OTHER: _l("another reason"),
}
SOURCES = {
    Source.WEBSITE_CAR: _l("car page"),
    Source.WEBSITE_CONTACT: _l("contact page"),
    Source.PHONE: _l("phone"),
    Source.WALK_IN: _l("walk-in"),
    Source.EMAIL: _l("e-mail"),
    Source.ADF: _l("ADF"),
    Source.MARKETPLACE: _l("marketplace"),
}
INTERESTS = {
    Interest.QUESTION: _l("Question"),
    Interest.TEST_DRIVE: _l("Test drive"),
    Interest.TRADE_IN: _l("Trade-in"),
    Interest.FINANCE: _l("Finance"),
    Interest.CALL_BACK: _l("Call back"),
    Interest.NOTIFY: _l("Tell me about the next one"),
}
OUTCOMES = {
    CallOutcome.REACHED: _l("Reached"),
    CallOutcome.NO_ANSWER: _l("No answer"),
    CallOutcome.LEFT_MESSAGE: _l("Left a message"),
}
MOVES = {
    LeadStatus.NEW: _l("Not spam"),
    LeadStatus.CONTACTED: _l("Contacted"),
    LeadStatus.QUALIFIED: _l("Qualified"),
    LeadStatus.APPOINTMENT: _l("Appointment made"),
    LeadStatus.NEGOTIATING: _l("Negotiating"),
    LeadStatus.WON: _l("Won"),
    LeadStatus.SPAM: _l("Spam"),
}
SPAM_REASONS = {
    SpamReason.TRAP: _l("a field that people never see was filled in"),
    SpamReason.TOO_FAST: _l("it was sent within two seconds"),
    SpamReason.TOO_MANY: _l("too many came from one address"),
    SpamReason.STAFF: _l("somebody of us said so"),
}
_THEIRS = (ActivityKind.RECEIVED, ActivityKind.WRITTEN, ActivityKind.ERASURE)
_OURS = (ActivityKind.CALL, ActivityKind.NOTE, ActivityKind.MAIL, ActivityKind.MAIL_LATER)
_EVERYBODYS = ("start", "learnt:start", "bound")  # reasons that set nobody apart


def why(lead: Lead) -> str:
    """The two reasons that weigh most in a lead's score, for one line of the inbox."""
    counts = [each for each in lead.score_reasons if each["code"] not in _EVERYBODYS and each["points"]]
    counts.sort(key=lambda each: -abs(each["points"]))
    most = tuple(tuple(each.items()) for each in counts[:2])
    return _in_few_words(place.current().language, most) or str(INTERESTS[lead.interest])


@lru_cache(maxsize=4096)
def _in_few_words(language: str, reasons: tuple[tuple[tuple[str, Any], ...], ...]) -> str:
    """Reasons in one line of the language being spoken; there are few that differ."""
    words = ", ".join(line.words for line in in_words([dict(each) for each in reasons]))
    return words[:1] + words[1:].lower()


def spam_reason(code: str | None) -> str:
    """Why a lead was kept out."""
    return str(SPAM_REASONS[SpamReason(code)]) if code in list(SpamReason) else "–"


def language(code: str) -> str:
    """A language by its name in the language being spoken."""
    return str(Locale.parse(code).get_display_name(place.current().language) or code)


def car_line(car: Car) -> str:
    """A car's year, distance and stock number in one line."""
    known = (car.model_year, filters.km(car.mileage_km) if car.mileage_km else None, _("no. %(n)s", n=car.stock_number))
    return ", ".join(str(each) for each in known if each)


def who(line: Line) -> str:
    """Whose doing a line of the timeline is: the customer's, ours, or nobody's."""
    facts = line.activity.facts
    if line.activity.kind in _THEIRS or facts.get("direction") == "in":
        return "customer"
    if line.activity.kind is ActivityKind.CONSENT and not line.activity.by_id:
        return "customer"
    return "us" if line.by and line.activity.kind in _OURS else "auto"


def happened(line: Line, lead: Lead) -> str:
    """What a line of the timeline says first."""
    if line.activity.kind is ActivityKind.RECEIVED:
        return str(INTERESTS[lead.interest])
    if who(line) == "customer":
        return lead.name
    return line.by or str(_("Kroi"))


def happened_more(line: Line, lead: Lead, names: Mapping[int, str]) -> str:
    """What a line of the timeline says after that. `names` are of staff, by id."""
    facts, kind = line.activity.facts, line.activity.kind
    if kind is ActivityKind.RECEIVED:
        return str(SOURCES[lead.source])
    if kind is ActivityKind.STATUS:
        return _moved(facts)
    if kind is ActivityKind.CALL:
        return str(_("called: %(outcome)s", outcome=str(OUTCOMES[CallOutcome(facts["outcome"])]).lower()))
    if kind is ActivityKind.ASSIGNMENT:
        return hands.said(facts, names, line.activity.by_id)
    if kind is ActivityKind.MAIL:
        return str(_("wrote back") if facts.get("direction") == "in" else _("wrote an e-mail"))
    if kind is ActivityKind.MAIL_LATER:
        return str(_("wrote an e-mail for later"))
    if kind is ActivityKind.CLOCK:
        return clocked(facts)
    if kind is ActivityKind.SCORE:
        return score_changed(facts)
    if kind is ActivityKind.VISIT:
        return visited(facts)
    if kind is ActivityKind.WRITTEN:
        return str(_("wrote on their own page"))
    if kind is ActivityKind.ERASURE:
        return str(_("wants to be erased"))
    if kind is ActivityKind.CONSENT:
        return str(_("noted: no more offers") if line.activity.by_id else _("wants no more offers"))
    if kind is ActivityKind.MERGE:
        return str(_("took two people apart again") if facts.get("undone") else _("made two people one"))
    if kind is ActivityKind.FILE:
        return str(_("took a file away") if facts.get("removed") else _("added a file"))
    if kind is ActivityKind.TASK and facts.get("changed"):
        return str(_("changed a task"))
    if kind is ActivityKind.TASK:
        return str(_("did a task") if facts.get("done") else _("planned a task"))
    return str(_("noted")) if kind is ActivityKind.NOTE else str(_("sent a confirmation; it answers nothing"))


def _moved(facts: Mapping[str, Any]) -> str:
    before, after = STATUSES[LeadStatus(facts["before"])], STATUSES[LeadStatus(facts["after"])]
    words = _("%(before)s → %(after)s", before=before, after=after)
    reason = facts.get("reason")
    return f"{words}, {LOST_REASONS[LostReason(reason)]}" if reason in list(LostReason) else str(words)
