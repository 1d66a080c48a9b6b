"""The round at work: it gives leads to whoever is next, takes back those that lie still, and lets others wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kroi.core import clock, events
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.leads import queries as leads
from kroi.leads.assignment import queries
from kroi.leads.assignment.handing import hand, remember
from kroi.leads.assignment.models import Round, RoundDay, RoundLead, RoundMember
from kroi.leads.assignment.queries import Standing
from kroi.leads.assignment.rules import shifts, turns
from kroi.leads.assignment.rules.reasons import Code, How, Passed
from kroi.leads.assignment.rules.shifts import Presence
from kroi.leads.assignment.rules.turns import Choice, Member
from kroi.leads.clock import queries as hours
from kroi.leads.clock.rules import NeverOpens, add_business
from kroi.leads.events import LeadStranded
from kroi.leads.models import Lead
from kroi.leads.rules import OPEN

SOON = timedelta(hours=2)  # for which a lead waits for somebody who knows the person


def offer(lead: Lead) -> int | None:
    """Give a free lead to whoever is next and answer who that is; `None`: it waits, or the round is off.

    The caller has locked the lead.
    """
    found = queries.lock_round()
    if found is None or not found.is_on or lead.assignee_id is not None or lead.status not in OPEN:
        return None
    state = _state(lead)
    if state.hands >= found.most_hands:
        _strand(lead, state, Code.TOO_OFTEN)
        return None
    standings = {each.user.id: each for each in queries.list_standings() if each.takes_part}
    members = _members(lead, list(standings.values()), found.most_unanswered)
    choice = turns.choose(members, lead.language, knows=_who_knows(lead, standings))
    if choice.user_id is None:
        _let_wait(lead, state, choice)
    else:
        _give(lead, state, found, members, standings, choice)
    return choice.user_id


def pass_on(lead: Lead) -> int | None:
    """Take a lead back from somebody who let it lie, and offer it on; answers who has it then.

    Does nothing while there is time, when it was worked, and when the round no longer looks after it.
    """
    found, state = queries.lock_round(), queries.find_state(lead.id)
    if found is None or not found.is_on or state is None or state.due_at is None or state.due_at > clock.now():
        return lead.assignee_id
    over = lead.status not in OPEN or lead.assignee_id != state.holder_id
    if over or queries.was_worked(lead, state.given_at or state.due_at):
        state.due_at = None
        return lead.assignee_id
    hand(lead, None, How.TAKEN_BACK, code=Code.SILENT, facts={"minutes": found.minutes})
    return offer(lead)


def keep_going() -> None:
    """Pass on what lies still, and give what waits once somebody is there. Each lead is a transaction of its own."""
    for lead_id in queries.list_due(clock.now()):
        with transaction():
            pass_on(leads.lock(lead_id))
    waiting = queries.list_waiting()
    if not waiting or not _somebody_can():
        return
    for lead_id in waiting:
        with transaction():
            lead = leads.lock(lead_id)
            if lead.assignee_id is not None or lead.status not in OPEN:
                _state(lead).waits_since = None
            else:
                offer(lead)


def _somebody_can() -> bool:
    found = queries.find_round()
    most = found.most_unanswered if found is not None else None
    return any(
        each.takes_part
        and each.presence is Presence.ON
        and each.open_leads < each.cap
        and (most is None or each.unanswered < most)
        for each in queries.list_standings()
    )


def _state(lead: Lead) -> RoundLead:
    state = queries.find_state(lead.id)
    if state is None:
        state = RoundLead(lead_id=lead.id, hands=0)
        session.add(state)
    return state


def _members(lead: Lead, standings: Sequence[Standing], most_unanswered: int | None) -> list[Member]:
    had = queries.list_holders(lead.id)
    return [
        Member(
            user_id=each.user.id,
            languages=frozenset(each.languages),
            presence=each.presence,
            cap=each.cap,
            open_leads=each.open_leads,
            owed=each.owed,
            last=each.last_turn,
            had=each.user.id in had,
            just_had=had[-1:] == [each.user.id],
            unanswered=each.unanswered,
            most_unanswered=most_unanswered,
        )
        for each in standings
    ]


def _who_knows(lead: Lead, standings: dict[int, Standing]) -> int | None:
    """Who worked this person's last lead, if they are at work soon enough."""
    user_id = queries.find_who_knows(lead)
    return user_id if user_id in standings and _starts(standings[user_id]) else None


def _starts(standing: Standing) -> datetime | None:
    return shifts.next_start(standing.calendar, standing.away(), clock.now(), SOON)


def _give(
    lead: Lead,
    state: RoundLead,
    found: Round,
    members: Sequence[Member],
    standings: dict[int, Standing],
    choice: Choice,
) -> None:
    assert choice.user_id is not None
    found.turns += 1
    state.hands += 1
    how = How.KNOWN if choice.code is Code.KNOWS else How.ROUND
    hand(lead, choice.user_id, how, code=choice.code, facts=_facts(lead, choice) | {"hand": state.hands})
    state.holder_id, state.given_at, state.waits_since = choice.user_id, clock.now(), None
    state.due_at = _due(lead, _starts(standings[choice.user_id]) or clock.now(), found.minutes)
    _settle(found, members, standings, choice.user_id)
    _count(choice)


def _due(lead: Lead, start: datetime, minutes: int) -> datetime | None:
    """When something has to have happened; never in a house that never opens."""
    try:
        return add_business(hours.calendar_at(lead.location_id), start, minutes * 60)
    except NeverOpens:
        return None


def _settle(found: Round, members: Sequence[Member], standings: dict[int, Standing], chosen_id: int) -> None:
    after = turns.settled(members, chosen_id, most_turns=found.most_turns)
    for user_id, owed in after.items():
        row = standings[user_id].row or stored_member(standings[user_id])
        row.owed = owed
        if user_id == chosen_id:
            row.last_turn = found.turns


def stored_member(standing: Standing) -> RoundMember:
    """The row of somebody about whom nothing was stored yet, with what counted without one."""
    row = RoundMember(
        user_id=standing.user.id,
        takes_part=standing.takes_part,
        cap=standing.cap,
        languages=list(standing.languages),
        own_hours=False,
        hours={},
        owed=0,
        last_turn=0,
    )
    session.add(row)
    session.flush()
    return row


def _count(choice: Choice) -> None:
    """Add this lead to everybody's day in the round."""
    day = clock.today(dealerships.get_profile(current_dealership_id()).zone)
    columns = ["given", *(each.value for each in Passed)]
    whole = {"dealership_id": current_dealership_id(), "day": day} | dict.fromkeys(columns, 0)
    rows = [whole | {"user_id": user_id, why.value: 1} for user_id, why in choice.passed]
    rows.append(whole | {"user_id": choice.user_id, "given": 1})
    dialects.upsert(RoundDay.__table__, rows, key=("dealership_id", "day", "user_id"), add=columns, session=session)


def _let_wait(lead: Lead, state: RoundLead, choice: Choice) -> None:
    """Nobody can have it now. History says so once; who could do something about it is told."""
    if state.waits_since is not None:
        return
    state.waits_since = clock.now()
    state.holder_id = state.due_at = None
    remember(lead, {"before": None, "after": None, "how": How.ROUND.value} | _facts(lead, choice))
    if choice.code not in (Code.NOBODY_ON_SHIFT, Code.ALL_BUSY):  # these go on by themselves
        events.publish(LeadStranded(lead.id, choice.code.value))


def _strand(lead: Lead, state: RoundLead, code: Code) -> None:
    """The round gives up: the lead is in the pool, and a manager is told."""
    state.holder_id = state.due_at = state.waits_since = None
    remember(lead, {"before": None, "after": None, "how": How.ROUND.value, "code": code.value, "hand": state.hands})
    events.publish(LeadStranded(lead.id, code.value))


def _facts(lead: Lead, choice: Choice) -> dict[str, object]:
    """Why this one and why not the others, as codes and ids."""
    return {
        "code": choice.code.value,
        "language": lead.language,
        "spoken": choice.spoken,
        "owed": choice.owed,
        "passed": [[user_id, why.value] for user_id, why in choice.passed],
    }
