"""The figures of the fairness page, out of what the round and the hands have written down."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

from sqlalchemy import func, select

from kroi.core import clock
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.dealerships import queries as dealerships
from kroi.leads.assignment.models import HandOver, RoundDay
from kroi.leads.assignment.rules.fairness import Share
from kroi.leads.assignment.rules.reasons import How, Passed
from kroi.leads.models import Lead
from kroi.leads.privacy.models import ErasedLead
from kroi.leads.rules import LeadStatus

RANGES = (7, 30, 90)  # days, today included


def since(days: int) -> datetime:
    """The first moment of a range that ends today, by the dealership's clock."""
    zone = dealerships.get_profile(current_dealership_id()).zone
    return clock.start_of_day(clock.today(zone) - timedelta(days=days - 1), zone)


def list_shares(days: int) -> dict[int, Share]:
    """Everybody's share of the last days (today included), by user, in three queries."""
    start = since(days)
    hands, passed, (won, answers) = _hands(start), _passed(start), _outcomes(start)
    people = {*passed, *won, *answers, *(user_id for _how, user_id in hands)}
    return {
        user_id: Share(
            user_id=user_id,
            given=hands[How.ROUND, user_id] + hands[How.KNOWN, user_id],
            known=hands[How.KNOWN, user_id],
            claimed=hands[How.CLAIMED, user_id],
            by_hand=hands[How.HAND, user_id],
            taken_back=hands[How.TAKEN_BACK, user_id],
            won=won[user_id],
            answers=answers[user_id],
            passed=passed.get(user_id, {}),
        )
        for user_id in people
    }


def _hands(start: datetime) -> Counter[tuple[How, int]]:
    """How often each person got a lead by each way; what is taken back counts for whom it was taken from."""
    query = select(HandOver.how, HandOver.before_id, HandOver.after_id, func.count()).where(HandOver.at >= start)
    found: Counter[tuple[How, int]] = Counter()
    for how, before_id, after_id, n in session.execute(
        query.group_by(HandOver.how, HandOver.before_id, HandOver.after_id)
    ):
        user_id = after_id if after_id is not None else before_id
        if user_id is not None:
            found[how, user_id] += n
    return found + _hands_of_erased(start)


def _hands_of_erased(start: datetime) -> Counter[tuple[How, int]]:
    """The same of leads that are gone."""
    found: Counter[tuple[How, int]] = Counter()
    erased = select(ErasedLead.hands).where(ErasedLead.erased_at >= start)
    for hand in (hand for hands in session.scalars(erased) for hand in hands):
        user_id = hand["after"] if hand["after"] is not None else hand["before"]
        if user_id is not None and datetime.fromisoformat(hand["at"]) >= start:
            found[How(hand["how"]), user_id] += 1
    return found


def _passed(start: datetime) -> dict[int, dict[Passed, int]]:
    zone = dealerships.get_profile(current_dealership_id()).zone
    sums = [func.sum(getattr(RoundDay, why.value)) for why in Passed]
    query = select(RoundDay.user_id, *sums).where(RoundDay.day >= clock.local(start, zone).date())
    rows = session.execute(query.group_by(RoundDay.user_id))
    return {row[0]: dict(zip(Passed, map(int, row[1:]), strict=True)) for row in rows}


def _outcomes(start: datetime) -> tuple[Counter[int], dict[int, list[int]]]:
    """Of the leads that came since then and are somebody's: how many were won, and how soon they were answered."""
    query = select(Lead.assignee_id, Lead.status, Lead.answered_seconds).where(
        Lead.received_at >= start, Lead.assignee_id.is_not(None), Lead.status != LeadStatus.SPAM
    )
    won: Counter[int] = Counter()
    answers: dict[int, list[int]] = defaultdict(list)
    gone = select(ErasedLead.assignee_id, ErasedLead.status, ErasedLead.answered_seconds).where(
        ErasedLead.received_at >= start, ErasedLead.assignee_id.is_not(None), ErasedLead.status != LeadStatus.SPAM
    )
    for user_id, status, seconds in (*session.execute(query), *session.execute(gone)):
        if user_id is not None:
            won[user_id] += status is LeadStatus.WON
            if seconds is not None:
                answers[user_id].append(seconds)
    return won, answers
