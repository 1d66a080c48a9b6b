"""Where staff see a person whole, and managers make two people one or keep them apart."""

from typing import Any

from flask import Blueprint, Response, flash, request
from flask_babel import gettext as _

from kroi.accounts.access import Permission, allow, may, me
from kroi.accounts.kept.access import kept
from kroi.core.errors import Conflict
from kroi.db.transaction import transaction
from kroi.leads import words as lead_words
from kroi.leads.models import Person
from kroi.leads.offers import queries as wanted_offers
from kroi.leads.offers import service as offers
from kroi.leads.people import merging, queries, service, words
from kroi.leads.people.models import PairState
from kroi.web.forms import typed
from kroi.web.htmx import done, see, show
from kroi.web.urls import url_for

staff = Blueprint("people_staff", __name__, url_prefix="/staff/people")
_MOST_WORDS = 200


@staff.get("/")
@allow(Permission.MERGE_PEOPLE)
@kept
def pairs() -> Response:
    """People who may be one, newest first; those kept apart; or whoever is searched for."""
    sought, found = _search()
    return show("leads/people/pairs.html", fragment="leads/people/_pairs.html", sought=sought, found=found, **_list())


@staff.post("/pairs/<int:pair_id>/apart")
@allow(Permission.MERGE_PEOPLE)
def keep_apart(pair_id: int) -> Response:
    """Two who look alike are two: not asked again."""
    return _decide(pair_id, PairState.DISMISSED)


@staff.post("/pairs/<int:pair_id>/again")
@allow(Permission.MERGE_PEOPLE)
def ask_again(pair_id: int) -> Response:
    """Two who were kept apart may be one after all."""
    return _decide(pair_id, PairState.OPEN)


@staff.get("/<int:person_id>")
@allow(Permission.READ_LEADS)
@kept
def person(person_id: int) -> Response:
    """Somebody: how to reach them, all they asked, who they were before. Who was merged leads to who they became."""
    found = queries.get(person_id)
    if found.merged_into is not None:
        return see(url_for("people_staff.person", person_id=queries.root_id(found)))
    return show("leads/people/person.html", **_person(found))


@staff.post("/<int:person_id>/offers")
@allow(Permission.WORK_LEADS)
def no_offers(person_id: int) -> Response:
    """They want no more offers, and told one of us: which must be said, since only they can want them again."""
    found = queries.get(person_id)
    if typed(request.form, "told") != "y":
        trouble = _("Say that they told you so.")
        return show("leads/people/person.html", status=422, **_person(found) | {"trouble": trouble})
    with transaction():
        told = offers.take_back(queries.root_id(found))
    flash(_("They get no more offers.") if told else _("They did not want offers before, either."))
    return see(url_for("people_staff.person", person_id=queries.root_id(found), _anchor="offers"))


@staff.get("/<int:person_id>/merge/<int:other_id>")
@allow(Permission.MERGE_PEOPLE)
def preview(person_id: int, other_id: int) -> Response:
    """What would become of two people as one."""
    survivor, loser = queries.get(person_id), queries.get(other_id)
    if survivor.id == loser.id or survivor.merged_into is not None or loser.merged_into is not None:
        raise Conflict(_("These two are one already."))
    return show(
        "leads/people/merge.html",
        survivor=survivor,
        loser=loser,
        takes=merging.takes(survivor, loser),
        moves=queries.count_moving(loser.id),
        pair=queries.find_pair(survivor.id, loser.id),
        words=words,
    )


@staff.post("/<int:person_id>/merge/<int:other_id>")
@allow(Permission.MERGE_PEOPLE)
def merge(person_id: int, other_id: int) -> Response:
    """Make them one: the second becomes the first."""
    with transaction():
        merging.merge(person_id, other_id)
    flash(_("They are one person now. It can be undone below."))
    return see(url_for("people_staff.person", person_id=person_id))


@staff.post("/merges/<int:merge_id>/undo")
@allow(Permission.MERGE_PEOPLE)
def undo(merge_id: int) -> Response:
    """Two people again, as they were."""
    with transaction():
        person_id = merging.undo(merge_id).survivor_id
    flash(_("They are two people again."))
    return see(url_for("people_staff.person", person_id=person_id))


def _decide(pair_id: int, state: PairState) -> Response:
    with transaction():
        service.decide(queries.lock_pair(pair_id), state)
    notice = _("Kept apart. You will not be asked again.") if state is PairState.DISMISSED else _("Open again.")
    tab = request.form.get("tab")
    instead = url_for("people_staff.pairs", tab=tab if tab == PairState.DISMISSED else None)
    return done("leads/people/_pairs.html", instead=instead, notice=notice, **_list(tab))


def _list(tab: str | None = None) -> dict[str, Any]:
    """One page of pairs, open ones or those kept apart, and how many leads each person has."""
    state = PairState.DISMISSED if (tab or request.args.get("tab")) == PairState.DISMISSED else PairState.OPEN
    after = request.args.get("after", "")
    page, more = queries.list_pairs(
        state, int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    )
    people = [row.id for pair in page for row in (pair.one, pair.other)]
    return {"state": state, "page": page, "more": more, "counts": queries.count_leads_of(people), "words": words}


def _search() -> tuple[str, list[Person]]:
    """What is searched for, and who has that name, address or number."""
    sought = typed(request.args, "q")[:_MOST_WORDS]
    return sought, queries.list_candidates(service.keys_of(sought, sought), sought) if sought else []


def _person(found: Person) -> dict[str, Any]:
    """Everything that a person's page shows."""
    merges = may(me(), Permission.MERGE_PEOPLE)
    sought, candidates = _search() if merges else ("", [])
    leads = queries.list_leads(found.id)
    return {
        "sought": sought,
        "found": [row for row in candidates if row.merged_into is None and row.id != found.id],
        "person": found,
        "leads": leads,
        "count": len(leads) if len(leads) < queries.LEADS_SHOWN else queries.count_leads(found.id),
        "before": queries.list_merged_into(found.id),
        "pairs": queries.list_pairs_of(found.id) if merges else [],
        "merges": queries.list_merges(found.id),
        "offers": wanted_offers.standing(found.id),
        "trouble": "",
        "words": words,
        "lead_words": lead_words,
    }
