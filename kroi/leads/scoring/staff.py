"""Where staff look at the score: who judges, how well, a draft of other rules, and a lead's score set by hand."""

from typing import Any

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from kroi.accounts import queries as accounts
from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import kept
from kroi.core.errors import Invalid
from kroi.db.transaction import transaction
from kroi.leads import access
from kroi.leads import queries as leads
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.leads.scoring import forms, overview, queries, service, words
from kroi.leads.scoring.drafts import service as drafting
from kroi.leads.scoring.learnt import service as learnt
from kroi.leads.scoring.overview import Learnt
from kroi.leads.scoring.rescoring import service as rescoring
from kroi.leads.scoring.rules import RULE_SET_1, RuleSet, drafts
from kroi.leads.scoring.service import Judge
from kroi.web.forms import typed
from kroi.web.htmx import see, show
from kroi.web.urls import url_for

staff = Blueprint("scoring_staff", __name__, url_prefix="/staff")


@staff.get("/scoring/")
@allow(Permission.READ_REPORTS)
@kept
def overview_page() -> Response:
    """Who judges, how well that foretold the past, and how a learnt model would do."""
    stored, model = queries.list_rule_sets(), Learnt.of(queries.find_newest_model())
    house = RuleSet.from_data(stored[0].version, stored[0].points) if stored else RULE_SET_1
    used = model if model and model.used_since else Learnt.of(queries.find_used_model())
    counts = queries.count_outcomes()
    judge = Judge(house, used.card, used.version) if used else Judge(house)
    return show(
        "leads/staff/scoring/overview.html",
        rules=house,
        used=used,
        model=model,
        counts=counts,
        missing=overview.missing(counts),
        history=overview.compare(queries.list_decided(), judge),
        outdated=queries.count_outdated(judge.version),
        versions=overview.versions(stored),
        words=words,
    )


@staff.get("/scoring/draft")
@allow(Permission.READ_REPORTS)
def draft() -> Response:
    """Other points, tried on the past beside those in use."""
    return _draft_page(forms.draft_form(_draft_or(service.seen_rule_set())))


@staff.post("/scoring/draft")
@allow(Permission.READ_REPORTS)
def save_draft() -> Response:
    """Try these points. Nobody is judged by a draft."""
    form = forms.DraftForm.submitted()
    if not form.validate():
        return _draft_page(form, status=422)
    with transaction():
        drafting.save(form.points())
    return see(url_for("scoring_staff.draft"))


@staff.post("/scoring/draft/discard")
@allow(Permission.READ_REPORTS)
def discard() -> Response:
    """Throw the draft away."""
    with transaction():
        drafting.discard()
    return see(url_for("scoring_staff.overview_page"))


@staff.post("/scoring/publish")
@allow(Permission.MANAGE_SETTINGS)
def publish() -> Response:
    """Let the draft judge, as the next version; open leads are judged again."""
    with transaction():
        drafting.publish(typed(request.form, "seen"))
    rescoring.rescore_batch()  # what a page has time for; the worker does the rest
    return see(url_for("scoring_staff.overview_page"))


@staff.post("/scoring/model")
@allow(Permission.MANAGE_SETTINGS)
def model() -> Response:
    """Switch a learnt model on, or let the rules judge again."""
    version = typed(request.form, "version")
    with transaction():
        if typed(request.form, "do") == "on":
            learnt.switch_on(int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0)
        else:
            learnt.switch_off()
    rescoring.rescore_batch()
    return see(url_for("scoring_staff.overview_page"))


@staff.get("/leads/<int:lead_id>/score")
@allow(Permission.READ_LEADS)
def lead_score(lead_id: int) -> Response:
    """Why a lead has its score, what another judge would say, and setting it by hand."""
    lead = leads.get(lead_id)
    return _lead_page(lead, forms.PinForm(data={"score": lead.score}))


@staff.post("/leads/<int:lead_id>/score")
@allow(Permission.WORK_LEADS)
def pin(lead_id: int) -> Response:
    """Set a lead's score by hand, or give it back to its judge."""
    form = forms.PinForm.submitted()
    unpins = typed(request.form, "do") == "unpin"
    if not unpins and not form.validate():
        return _refused(lead_id, form)
    with transaction():
        lead = access.work(lead_id)
        if lead.status is LeadStatus.SPAM:
            raise Invalid(_("Spam has no use for a score."))
        if unpins:
            service.unpin(lead)
        else:
            service.pin(lead, form.score.data or 0, form.reason.data or "")
    return see(url_for("leads_staff.lead", lead_id=lead_id))


def _draft_or(house: RuleSet) -> RuleSet:
    found = queries.find_draft()
    return RuleSet.from_data(found.based_on, found.points) if found else house


def _draft_page(form: Any, status: int = 200) -> Response:
    house, stored = service.seen_rule_set(), queries.find_draft()
    wanted = RuleSet.from_data(stored.based_on, stored.points) if stored else house
    people = {user.id: user.name for user in accounts.list_active()}
    return show(
        "leads/staff/scoring/draft.html",
        status=status,
        form=form,
        codes=forms.CODES,
        rules=house,
        stored=stored,
        changes=drafts.changes(house, wanted),
        seen=drafts.digest(wanted),
        names=people,
        history=overview.compare(queries.list_decided(), Judge(house), Judge(wanted) if stored else None),
        words=words,
    )


def _refused(lead_id: int, form: forms.PinForm) -> Response:
    with transaction():
        lead = access.work(lead_id)
    return _lead_page(lead, form, status=422)


def _lead_page(lead: Lead, form: forms.PinForm, status: int = 200) -> Response:
    kept, house = queries.find_facts(lead.id), service.seen_rule_set()
    facts = overview.facts_today(kept)
    shown = Learnt.of(queries.find_used_model() or queries.find_newest_model())
    return show(
        "leads/staff/scoring/lead.html",
        status=status,
        lead=lead,
        kept=kept,
        works=access.may_work(lead) and may(me(), Permission.WORK_LEADS),
        reasons=[(line.points, line.words) for line in words.in_words(lead.score_reasons)],
        by_rules=Judge(house).score(facts) if facts else None,
        by_model=Judge(house, shown.card, shown.version).score(facts) if facts and shown else None,
        chance=shown.card.probability(facts.row()) if facts and shown else None,
        model=shown,
        names={user.id: user.name for user in accounts.list_active()},
        form=form,
        words=words,
    )
