"""Whose turn it is.

Each lead that the round gives is a turn. Whoever could have been asked has an equal share in it, and whoever gets the
lead pays the others theirs: so a balance says how much of a turn somebody is owed. The next is who is owed most and is
at work, speaks the language and has room, for open leads and, where there is a limit, for unanswered ones; among equals
who waited longest. A balance never goes beyond a few turns either way: nobody comes back from a holiday to a heap, and
who gets many for their language is not left out afterwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kroi.leads.assignment.rules.reasons import Code, Passed
from kroi.leads.assignment.rules.shifts import Presence

TURN = 720_720  # parts of a turn: every number of people up to sixteen divides it, so that shares are exact


@dataclass(frozen=True)
class Member:
    """Somebody of the round as it stands. `owed` is in parts of a turn, `last` the number of the turn they had last.

    `had` says that they held this very lead before, `just_had` that they were the last to hold it.
    """

    user_id: int
    languages: frozenset[str]
    presence: Presence
    cap: int
    open_leads: int = 0
    owed: int = 0
    last: int = 0
    had: bool = False
    just_had: bool = False
    unanswered: int = 0
    most_unanswered: int | None = None

    @property
    def is_full(self) -> bool:
        """Have they as many open leads as they may?"""
        return self.open_leads >= self.cap

    @property
    def is_busy(self) -> bool:
        """Have they as many unanswered leads as they may have at once?"""
        return self.most_unanswered is not None and self.unanswered >= self.most_unanswered


@dataclass(frozen=True)
class Choice:
    """Who gets a lead, or nobody (`None`), why, and why the others do not.

    `spoken` is false when whoever gets it does not speak the language; `owed` is the balance that they had.
    """

    user_id: int | None
    code: Code
    passed: tuple[tuple[int, Passed], ...]
    spoken: bool = True
    owed: int = 0


def choose(members: Sequence[Member], language: str, *, knows: int | None = None) -> Choice:
    """Who gets a lead in this language. `knows` has worked this person's last lead, and may start work soon."""
    known = next((each for each in members if each.user_id == knows and not each.had), None)
    if known is not None and not known.is_full and not known.is_busy:
        return _chosen(known, Code.KNOWS, members, language)
    at_work = [each for each in members if each.presence is Presence.ON]
    with_room = [each for each in at_work if not each.is_full]
    free = [each for each in with_room if not each.is_busy]
    may = _not_again(free)
    speaking = [each for each in may if language in each.languages]
    able = speaking or may
    if not able:
        return Choice(None, _why_nobody(members, at_work, with_room, free), _passed(members, None, language))
    first = min(able, key=lambda each: (-each.owed, each.last, each.user_id))
    return _chosen(first, _why(first, able), members, language)


def settled(members: Iterable[Member], chosen_id: int, *, most_turns: int) -> Mapping[int, int]:
    """What everybody is owed (by user id, in parts of a turn) after `chosen_id` got a lead.

    `most_turns` is how many turns may be owed to, or by, one person: who is owed so much gets no more, and who owes
    so much pays no more. What one gains another pays.
    """
    most, people = most_turns * TURN, list(members)
    chosen = next(each for each in people if each.user_id == chosen_id)
    entitled = [each for each in people if each is not chosen and _shares(each)]
    gaining = _with_room_for_a_share(entitled, most)
    if not gaining:
        return {chosen_id: max(-most, chosen.owed - TURN)} if entitled else {}
    share = min(TURN // (len(gaining) + 1), (chosen.owed + most) // len(gaining))
    after = {each.user_id: each.owed + share for each in gaining}
    return after | {chosen_id: chosen.owed - share * len(gaining)}


def _with_room_for_a_share(entitled: Sequence[Member], most: int) -> list[Member]:
    """Those whose balance can take an equal share; the fewer they are, the more it is."""
    gaining = list(entitled)
    while True:
        share = TURN // (len(gaining) + 1)
        fitting = [each for each in gaining if each.owed + share <= most]
        if len(fitting) == len(gaining):
            return gaining
        gaining = fitting


def _shares(member: Member) -> bool:
    """Those whose hours these are; who let this very lead lie has had their turn."""
    return member.presence is not Presence.OFF and not member.had


def _not_again(members: list[Member]) -> list[Member]:
    """First those who never had this lead, then anybody but the one who had it just now."""
    return [each for each in members if not each.had] or [each for each in members if not each.just_had]


def _chosen(member: Member, code: Code, members: Sequence[Member], language: str) -> Choice:
    passed = _passed(members, member, language)
    return Choice(member.user_id, code, passed, spoken=language in member.languages, owed=member.owed)


def _why(member: Member, able: Sequence[Member]) -> Code:
    if len(able) == 1:
        return Code.ONLY
    return Code.CATCH_UP if member.owed >= TURN else Code.NEXT


def _why_nobody(
    members: Sequence[Member], at_work: Sequence[Member], with_room: Sequence[Member], free: Sequence[Member]
) -> Code:
    """The first hurdle that nobody takes."""
    hurdles = (
        (members, Code.NOBODY_IN_ROUND),
        (at_work, Code.NOBODY_ON_SHIFT),
        (with_room, Code.ALL_FULL),
        (free, Code.ALL_BUSY),
    )
    return next((code for left, code in hurdles if not left), Code.NOBODY_ELSE)


def _passed(members: Sequence[Member], chosen: Member | None, language: str) -> tuple[tuple[int, Passed], ...]:
    spoken = chosen is not None and language in chosen.languages
    others = (each for each in members if each is not chosen)
    return tuple((each.user_id, _why_not(each, language, spoken=spoken)) for each in others)


def _why_not(member: Member, language: str, *, spoken: bool) -> Passed:
    if member.presence is Presence.OFF:
        return Passed.OFF_SHIFT
    if member.presence is Presence.AWAY:
        return Passed.AWAY
    if member.is_full:
        return Passed.FULL
    if member.is_busy:
        return Passed.UNANSWERED
    if member.had:
        return Passed.HAD_IT
    return Passed.LANGUAGE if spoken and language not in member.languages else Passed.LATER
