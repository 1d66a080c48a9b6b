"""Learning from the dealership's own outcomes, and switching on what was learnt."""

import logging
from collections.abc import Callable
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import update

from kroi.accounts import audit
from kroi.core import clock
from kroi.core.errors import Conflict, NotFound
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads.scoring import queries, rules, service
from kroi.leads.scoring.learnt.rules.enough import MOST_LEARNT_FROM, Figures, is_enough
from kroi.leads.scoring.models import LearntModel
from kroi.leads.scoring.rules import facts

_log = logging.getLogger(__name__)
EVERY = timedelta(days=7)
GROWN = 1.1  # times as many outcomes as the last model knew
STEPS = 25  # fits of one training; a test holds it equal to what the fitting tells


def learn(tell: Callable[[], object] = lambda: None) -> LearntModel:
    """Learn from the newest outcomes and store the model with its figures. It judges nobody yet.

    `tell` is called after each of the trial's steps. Raises Conflict when there are not enough outcomes.
    """
    from kroi.leads.scoring.learnt.rules import trial  # numpy is for whoever learns, not for every worker

    house = service.seen_rule_set()
    past = queries.list_decided(MOST_LEARNT_FROM)
    won = sum(each.won for each in past)
    if not is_enough(len(past), won):
        raise Conflict(_("There are not enough outcomes yet to learn from."))
    cases = [trial.Case(each.facts.row(), rules.judge(each.facts.evidence, house).value, each.won) for each in past]
    session.rollback()  # no transaction stays open while numbers are turned over: the database ends it after a minute
    try:
        card, figures = trial.hold(cases, house.bounds, numbers=facts.NUMBERS, tell=tell)
    except ValueError:
        raise Conflict(_("The newest outcomes are all alike; there is nothing to compare with yet.")) from None
    model = LearntModel(
        card=card.data(), figures=figures.data(), rules_version=house.version, decided=len(past), made_at=clock.now()
    )
    with transaction():
        _store(model, figures)
    return model


def learn_when_due() -> None:
    """Learn when there is enough and enough is new. For the worker; what it learns waits until it is switched on."""
    counts, last = queries.count_outcomes(), queries.find_newest_model()
    if not is_enough(counts.decided, counts.won):
        return
    if last is not None and (
        clock.now() - last.made_at < EVERY
        or (min(counts.decided, MOST_LEARNT_FROM) < last.decided * GROWN and last.decided < MOST_LEARNT_FROM)
    ):
        return
    try:
        learn()
    except Conflict:
        _log.info("the newest outcomes are all alike: nothing learnt")


def switch_on(version: int) -> LearntModel:
    """Let this model judge. Raises NotFound, and Conflict when it does not beat the rules that judge now."""
    service.lock_versions()
    model, house = queries.find_model(version), service.rule_set()
    if model is None:
        raise NotFound(_("There is no such model."))
    if not Figures.from_data(model.figures).beats or model.rules_version != house.version:
        raise Conflict(_("This model does not beat the rules in use."))
    session.execute(update(LearntModel).values(used_since=None))
    model.used_since = clock.now()
    session.flush()
    audit.record("score.model_on", "learnt model", model.version, details={"rules": house.version})
    return model


def switch_off() -> None:
    """Let the rules judge; when they do already, nothing happens."""
    service.lock_versions()
    model = queries.find_used_model()
    if model is None:
        return
    model.used_since = None
    session.flush()
    audit.record("score.model_off", "learnt model", model.version)


def _store(model: LearntModel, figures: Figures) -> None:
    service.lock_versions()
    model.version = queries.last_version() + 1
    session.add(model)
    session.flush()
    details = {"learnt_from": figures.learnt_from, "auc": figures.auc, "auc_rules": figures.auc_rules}
    audit.record("score.model_learnt", "learnt model", model.version, details=details)
