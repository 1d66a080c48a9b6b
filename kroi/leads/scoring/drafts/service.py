"""A draft of the rules: kept, thrown away, published as the next version."""

from collections.abc import Mapping

from flask_babel import gettext as _
from sqlalchemy import delete, update

from kroi.accounts import audit
from kroi.core import clock
from kroi.core.errors import Conflict, Invalid
from kroi.db.model import session
from kroi.leads import models
from kroi.leads.scoring import queries, service
from kroi.leads.scoring.models import LearntModel, RuleDraft
from kroi.leads.scoring.rules import RuleSet, drafts


def save(points: Mapping[str, int]) -> RuleSet:
    """Keep the points as the dealership's draft. Raises Invalid for points that fit no rule."""
    base = service.rule_set()
    try:
        wanted = drafts.changed(base, points)
    except ValueError:
        raise Invalid(_("These points fit no rule.")) from None
    service.lock_versions()
    row = queries.find_draft() or RuleDraft()
    row.based_on, row.points = base.version, wanted.data()
    row.changed_at, row.changed_by_id = clock.now(), audit.actor_id()
    session.add(row)
    session.flush()
    return wanted


def discard() -> None:
    """Throw the draft away, if there is one."""
    session.execute(delete(RuleDraft))


def publish(seen: str) -> RuleSet:
    """Make the draft the next version of the rules. `seen` is the digest of the draft that was looked at.

    Raises Conflict when there is no draft, when it is another than the one seen, or older than the rules. A learnt
    model that was in use is switched off: it has beaten other rules than these.
    """
    service.lock_versions()
    base, draft = service.rule_set(), queries.find_draft()
    if draft is None:
        raise Conflict(_("There is no draft to publish."))
    wanted = RuleSet.from_data(draft.based_on, draft.points)
    if drafts.digest(wanted) != seen or draft.based_on != base.version:
        raise Conflict(_("The draft or the rules have changed since you looked. Look at the draft again."))
    made = RuleSet.from_data(queries.last_version() + 1, draft.points)
    session.add(models.RuleSet(version=made.version, points=made.data(), created_at=clock.now()))
    session.execute(update(LearntModel).values(used_since=None))
    discard()
    session.flush()
    changes = {each.code: [each.before, each.after] for each in drafts.changes(base, made)}
    audit.record("score.rules_published", "rule set", made.version, details={"before": base.version, "points": changes})
    return made
