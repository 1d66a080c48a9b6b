"""Learning from outcomes in the database, and switching on what was learnt: only what beats the rules, only by hand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from kroi.accounts.models import AuditEntry
from kroi.core import clock
from kroi.core.errors import Conflict, NotFound
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.models import Lead
from kroi.leads.rules import LeadStatus
from kroi.leads.scoring import queries, words
from kroi.leads.scoring.learnt import service as learnt
from kroi.leads.scoring.learnt.rules.enough import Figures
from kroi.leads.scoring.models import LearntModel
from kroi.leads.scoring.rescoring import service as rescoring
from tests.leads.scoring.outcomes import Truth, against_the_rules, as_the_rules_say, decided_leads
from tests.leads.scoring.test_drafts import lines, publish
from tests.support.makers import make_car, make_lead

pytestmark = pytest.mark.slow


@pytest.fixture
def learn(app: Flask) -> Callable[[Truth, int], LearntModel]:
    """Learn from so many leads of a house with this truth."""

    def of(truth: Truth, count: int) -> LearntModel:
        decided_leads(truth, count)
        return learnt.learn()

    return of


def switch_on(version: int) -> None:
    with transaction():
        learnt.switch_on(version)


Learn = Callable[[Truth, int], LearntModel]


def test_too_few_outcomes_teach_nothing(app: Flask) -> None:
    decided_leads(against_the_rules, 150)
    with pytest.raises(Conflict, match="not enough"):
        learnt.learn()
    learnt.learn_when_due()
    assert queries.find_newest_model() is None


def test_no_transaction_stays_open_while_it_learns(app: Flask) -> None:
    decided_leads(against_the_rules, 400)
    session.remove()
    open_meanwhile: list[bool] = []
    learnt.learn(lambda: open_meanwhile.append(session().in_transaction()))
    assert set(open_meanwhile) == {False}


def test_a_model_says_what_it_rests_on_and_judges_nobody(learn: Learn) -> None:
    model = learn(against_the_rules, 600)
    told = Figures.from_data(model.figures)
    assert (told.learnt_from, told.held_out, model.decided) == (450, 150, 600)
    assert model.version == 2 and model.rules_version == 1 and model.used_since is None
    assert make_lead().score_version == 1
    assert rescoring.rescore() == 0
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "score.model_learnt")).one()
    assert entry.details["auc"] == told.auc


def test_switched_on_it_judges_new_leads_and_open_ones(learn: Learn) -> None:
    model = learn(against_the_rules, 600)
    old = make_lead(car=make_car())
    switch_on(model.version)
    session.expire_all()
    assert rescoring.rescore() == 1
    for lead in (session.get_one(Lead, old.id), make_lead()):
        assert lead.score_version == model.version
        assert sum(each["points"] for each in lead.score_reasons) == lead.score
        assert words.judged_by(lead) == "Learnt model, version 2"
        assert not any("learnt" in each.words for each in words.in_words(lead.score_reasons))
    assert [line.facts["by"] for line in lines(old)] in ([], ["learnt"])


def test_switched_off_the_rules_judge_again(learn: Learn) -> None:
    switch_on(learn(against_the_rules, 600).version)
    lead = make_lead()
    for _ in range(2):
        with transaction():
            learnt.switch_off()
    session.expire_all()
    assert rescoring.rescore() == 1
    assert words.judged_by(session.get_one(Lead, lead.id)) == "Rule set 1"
    assert len(session.scalars(select(AuditEntry).where(AuditEntry.action == "score.model_off")).all()) == 1


def test_a_model_that_does_not_beat_the_rules_cannot_be_switched_on(learn: Learn) -> None:
    model = learn(as_the_rules_say, 500)
    with pytest.raises(Conflict, match="does not beat"):
        switch_on(model.version)
    with pytest.raises(NotFound):
        switch_on(99)
    assert queries.find_used_model() is None


def test_new_rules_switch_a_model_off_and_take_the_next_version(learn: Learn) -> None:
    model = learn(against_the_rules, 600)
    switch_on(model.version)
    assert publish(car=30) == 3
    assert queries.find_used_model() is None
    with pytest.raises(Conflict):
        switch_on(model.version)


def test_it_learns_by_itself_when_a_week_and_enough_outcomes_have_passed(learn: Learn) -> None:
    learnt_at = clock.now()
    learn(against_the_rules, 400)
    learnt.learn_when_due()
    assert queries.find_newest_model().version == 2  # type: ignore[union-attr]
    with clock.at(learnt_at + timedelta(days=8)):
        learnt.learn_when_due()
        assert queries.find_newest_model().version == 2  # type: ignore[union-attr]  # nothing new was decided
        with transaction():
            session.execute(update(LearntModel).values(decided=300))
        learnt.learn_when_due()
        assert queries.find_newest_model().version == 3  # type: ignore[union-attr]


def test_spam_and_open_leads_teach_nothing(learn: Learn) -> None:
    decided_leads(against_the_rules, 300)
    with transaction():
        half = select(Lead.id).where(Lead.status == LeadStatus.LOST).order_by(Lead.id).limit(60)
        session.execute(
            update(Lead)
            .where(Lead.id.in_(half))
            .values(status=LeadStatus.SPAM)
            .execution_options(synchronize_session=False)
        )
    make_lead()
    assert len(queries.list_decided()) == 240


def test_the_command_learns_shows_its_figures_and_says_what_is_missing(app: Flask) -> None:
    runner = app.test_cli_runner()
    few = runner.invoke(args=["scoring", "learn", "--dealership", "a.test"])
    assert few.exit_code == 1 and "not enough outcomes" in few.output
    decided_leads(against_the_rules, 600)
    done = runner.invoke(args=["scoring", "learn", "--dealership", "a.test"])
    assert done.exit_code == 0, done.output
    assert "learnt from 450 leads" in done.output and "an owner may switch it on" in done.output
    again = runner.invoke(args=["scoring", "rescore", "--dealership", "a.test"])
    assert "0 open leads judged again" in again.output
