"""A draft judges nobody; published, it is the next version, and every open lead comes before it."""

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from kroi.accounts import audit
from kroi.accounts.models import AuditEntry, User
from kroi.core.errors import Conflict, Invalid
from kroi.db.model import session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships.models import Dealership
from kroi.leads.models import Activity, ActivityKind, Lead, RuleSet
from kroi.leads.rules import Interest, LeadStatus
from kroi.leads.scoring import queries, service, words
from kroi.leads.scoring.drafts import service as drafting
from kroi.leads.scoring.models import LeadFacts, RuleDraft
from kroi.leads.scoring.rescoring import service as rescoring
from kroi.leads.scoring.rules import RULE_SET_1, drafts
from tests.support.makers import make_car, make_lead


def publish(**points: int) -> int:
    """A draft with these points, published; answers the version."""
    with transaction():
        wanted = drafting.save(points)
    with transaction():
        return drafting.publish(drafts.digest(wanted)).version


def judge_again() -> int:
    session.expire_all()
    return rescoring.rescore()


def lines(lead: Lead) -> list[Activity]:
    query = select(Activity).where(Activity.lead_id == lead.id, Activity.kind == ActivityKind.SCORE)
    return list(session.scalars(query.order_by(Activity.id)))


def test_a_draft_judges_nobody(app: Flask) -> None:
    before = make_lead(interest=Interest.FINANCE).score
    with transaction():
        drafting.save({"finance": 40})
    assert make_lead(interest=Interest.FINANCE).score == before
    assert judge_again() == 0


def test_saving_again_keeps_one_draft(app: Flask) -> None:
    for points in (5, 7):
        with transaction():
            drafting.save({"car": points})
    found = session.scalars(select(RuleDraft)).one()
    assert found.points["points"]["car"] == 7 and found.based_on == 1


@pytest.mark.parametrize("points", [{"car": 101}, {"car": -101}, {"start": 500}, {"star_sign": 5}])
def test_points_that_fit_no_rule_are_refused(app: Flask, points: dict[str, int]) -> None:
    with pytest.raises(Invalid), transaction():
        drafting.save(points)
    assert queries.find_draft() is None


def test_publishing_makes_the_next_version_and_tells_the_audit(app: Flask, olga: User) -> None:
    make_lead()
    with audit.acting_as(olga.id):
        assert publish(car=25, start=10) == 2
    assert service.rule_set().points["car"] == 25
    assert queries.find_draft() is None
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "score.rules_published")).one()
    assert entry.actor_id == olga.id and entry.subject_id == 2
    assert entry.details == {"before": 1, "points": {"start": [20, 10], "car": [15, 25]}}


def test_old_rules_stay_as_they_were(app: Flask) -> None:
    make_lead()
    publish(car=25)
    stored = session.scalars(select(RuleSet).order_by(RuleSet.version)).all()
    assert [each.version for each in stored] == [1, 2]
    assert stored[0].points == RULE_SET_1.data()


def test_open_leads_are_judged_by_the_new_rules_with_a_line(app: Flask) -> None:
    lead, untouched = make_lead(car=make_car()), make_lead()
    before, same = lead.score, untouched.score
    publish(car=35)
    assert judge_again() == 2
    session.refresh(lead)
    session.refresh(untouched)
    assert (lead.score, lead.score_version) == (before + 20, 2)
    assert sum(each["points"] for each in lead.score_reasons) == lead.score
    (line,) = lines(lead)
    assert line.facts == {"before": before, "after": before + 20, "why": "judge", "by": "rules", "version": 2}
    assert (untouched.score, untouched.score_version, lines(untouched)) == (same, 2, [])


@pytest.mark.parametrize("status", [LeadStatus.WON, LeadStatus.LOST, LeadStatus.SPAM])
def test_who_is_decided_keeps_score_version_and_reasons(app: Flask, status: LeadStatus) -> None:
    lead = make_lead(status=status)
    told = (lead.score, lead.score_version, lead.score_reasons)
    publish(start=50)
    assert judge_again() == 0
    session.refresh(lead)
    assert (lead.score, lead.score_version, lead.score_reasons) == told
    assert words.judged_by(lead) == "Rule set 1"


def test_leads_are_judged_again_in_batches(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rescoring, "BATCH", 2)
    made = [make_lead() for _ in range(5)]
    publish(start=30)
    session.expire_all()
    assert [rescoring.rescore_batch() for _ in range(4)] == [2, 2, 1, 0]
    assert session.scalar(select(func.count()).where(Lead.score_version == 2)) == len(made)


def test_an_undone_batch_is_done_the_next_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = make_lead()
    publish(start=30)
    with monkeypatch.context() as broken:
        broken.setattr(service, "_put", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            rescoring.rescore_batch()
    assert judge_again() == 1
    session.refresh(lead)
    assert lead.score_version == 2 and len(lines(lead)) == 1


def test_a_draft_that_was_changed_since_it_was_seen_is_not_published(app: Flask) -> None:
    with transaction():
        seen = drafts.digest(drafting.save({"car": 20}))
    with transaction():
        drafting.save({"car": 90})
    with pytest.raises(Conflict, match="changed"), transaction():
        drafting.publish(seen)
    assert service.seen_rule_set().version == 1


def test_a_draft_of_rules_that_are_gone_is_not_published(app: Flask) -> None:
    with transaction():
        wanted = drafting.save({"car": 20})
    with transaction():
        session.add(RuleSet(version=2, points=RULE_SET_1.data(), created_at=queries.find_draft().changed_at))  # type: ignore[union-attr]
    with pytest.raises(Conflict, match="changed"), transaction():
        drafting.publish(drafts.digest(wanted))


def test_without_a_draft_there_is_nothing_to_publish(app: Flask) -> None:
    with pytest.raises(Conflict, match="no draft"), transaction():
        drafting.publish("x")


def test_facts_are_kept_with_a_lead_and_hold_nothing_personal(app: Flask) -> None:
    lead = make_lead("Anna Aho", email="anna@example.com", phone="040 765 4321", message="I am Anna", car=make_car())
    kept = session.scalars(select(LeadFacts)).one()
    assert kept.lead_id == lead.id
    assert kept.facts["phone_can_exist"] and kept.facts["about_car"] and kept.facts["message_length"] == 9
    assert not any(word in str(kept.facts) for word in ("Anna", "anna", "765 4321", "7654321"))


def test_facts_of_older_leads_are_read_off_their_rows(app: Flask) -> None:
    make_lead("Anna Aho", phone="040 765 4321", car=make_car(price_cents=12_000_00), interest=Interest.TEST_DRIVE)
    told = session.scalars(select(LeadFacts)).one().facts
    with transaction():
        session.execute(delete(LeadFacts))
    assert queries.count_outcomes().without_facts == 1
    assert rescoring.note_facts() == 1
    assert session.scalars(select(LeadFacts)).one().facts == told
    assert rescoring.note_facts() == 0


def test_another_dealerships_draft_and_rules_are_its_own(app: Flask, there: Dealership) -> None:
    there_id = there.id
    make_lead()
    publish(car=99)
    with acting_for(there_id):
        assert make_lead(car=make_car()).score == 40
        assert queries.find_draft() is None and service.rule_set().version == 1
