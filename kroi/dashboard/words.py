"""What codes in the record of who did what are called, by deed and detail, from every room's own words."""

from flask_babel import lazy_gettext as _l

from kroi.accounts.audit.words import Codes, Words
from kroi.catalogue import words as cars
from kroi.catalogue.editor.forms import CarForm
from kroi.catalogue.rules import facts
from kroi.dashboard.settings.forms import AnswersForm, ProfileForm
from kroi.dashboard.settings.privacy.forms import TermsForm
from kroi.leads import words as leads
from kroi.leads.assignment.forms import PartForm, RoundForm
from kroi.leads.assignment.rules.reasons import Code, How
from kroi.leads.clock.rules import Step
from kroi.leads.files.models import FileKind
from kroi.leads.people.models import PairState
from kroi.leads.privacy.rules import Why
from kroi.leads.visits import words as visits
from kroi.leads.visits.rules import VisitStatus
from kroi.notifications.notices import words as notices
from kroi.notifications.webhooks import words as webhooks
from kroi.web.forms import Form

HOW = {
    How.ROUND: _l("by the round"),
    How.KNOWN: _l("to whoever knows them"),
    How.CLAIMED: _l("taken"),
    How.HAND: _l("by hand"),
    How.GIVEN_BACK: _l("given back"),
    How.TAKEN_BACK: _l("taken back"),
}
CODE = {
    Code.NEXT: _l("was next"),
    Code.CATCH_UP: _l("had missed turns"),
    Code.ONLY: _l("nobody else could"),
    Code.KNOWS: _l("knows them"),
    Code.NOBODY_IN_ROUND: _l("nobody takes part in the round"),
    Code.NOBODY_ON_SHIFT: _l("nobody was on shift"),
    Code.ALL_FULL: _l("everybody had their hands full"),
    Code.ALL_BUSY: _l("everybody had others to answer first"),
    Code.NOBODY_ELSE: _l("nobody else was on shift"),
    Code.TOO_OFTEN: _l("it changed hands too often"),
    Code.SILENT: _l("nothing happened in time"),
}
WHY = {
    Why.ASKED: _l("they asked for it"),
    Why.OWNER: _l("the owner decided so"),
    Why.RETENTION: _l("their time was over"),
    Why.RESTORED: _l("a backup had brought them back"),
}
PAIR = {PairState.OPEN: _l("to be decided"), PairState.DISMISSED: _l("kept apart")}
FILES = {FileKind.PDF: "PDF", FileKind.JPEG: "JPEG"}
STEPS = {
    Step.NONE.name.lower(): "–",
    Step.WARN.name.lower(): _l("warned"),
    Step.RETURN.name.lower(): _l("given back to the round"),
    Step.TELL.name.lower(): _l("managers told"),
}
VISITS: Words = {**visits.STATUSES, "confirmed": _l("Confirmed by us")}


def _labels(form: type[Form], *names: str) -> Words:
    """What a form calls its fields."""
    return {name: getattr(form, name).args[0] for name in names}


FIELDS: Words = _labels(CarForm, *facts.NAMES, "location")
ADDRESS = _labels(ProfileForm, "name", "phone", "email", "street", "postal_code", "city")
SETTINGS: Words = {
    **ADDRESS,
    **_labels(ProfileForm, "country", "time_zone", "currency", "language", "languages"),
    **_labels(AnswersForm, "answer", "give_back", "tell"),
    **_labels(TermsForm, "unsold", "won", "marketing", "spam_days", "files", "quotations"),
    "opening_hours": _l("Opening hours"),
    "special_days": _l("Days that differ"),
    "response_targets": _l("Time to answer"),
    "retention": _l("How long we keep it"),
    "privacy_version": _l("privacy text"),
}
PLACE: Words = {**ADDRESS, "hours": _l("Opening hours"), "special": _l("Days that differ")}
ROUND = _labels(RoundForm, "is_on", "minutes", "most_hands", "most_turns", "most_unanswered")
PART = {**_labels(PartForm, "takes_part", "cap", "languages"), "hours": PartForm.whose.args[0]}

CODES: Codes = {
    ("lead.moved", "before"): leads.STATUSES,
    ("lead.moved", "after"): leads.STATUSES,
    ("lead.moved", "reason"): leads.LOST_REASONS,
    ("lead.restored", "status"): leads.STATUSES,
    ("lead.called", "outcome"): leads.OUTCOMES,
    ("lead.received", "source"): leads.SOURCES,
    ("lead.received", "interest"): leads.INTERESTS,
    ("lead.received", "spam"): leads.SPAM_REASONS,
    ("lead.assigned", "how"): HOW,
    ("lead.assigned", "code"): CODE,
    ("lead.unanswered", "step"): STEPS,
    ("file.added", "kind"): FILES,
    ("people.pair_decided", "state"): PAIR,
    ("person.erased", "why"): WHY,
    ("leads.erased", "why"): WHY,
    ("move car", "from"): cars.STATUSES,
    ("move car", "to"): cars.STATUSES,
    ("edit car", "fields"): FIELDS,
    **{("settings.changed", when): SETTINGS for when in ("before", "after")},
    **{(deed, when): PLACE for deed in ("location.saved", "location.removed") for when in ("before", "after")},
    ("round.changed", ""): ROUND,
    ("round.part_changed", ""): PART,
    ("notices.wished", "ways"): {**notices.KINDS, **notices.WAYS},
    ("webhook.added", "events"): webhooks.EVENTS,
    **{(f"visit.{what}", "what"): VISITS for what in (*VisitStatus, "confirmed")},
}
