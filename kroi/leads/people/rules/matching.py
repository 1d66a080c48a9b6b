"""Are two contacts one person? The same by itself, worth asking somebody, or two people; and why, in codes.

Held by labelled pairs (`tests/leads/people/labels`), which stood before this file.
"""

import enum
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from kroi.leads.people.rules import mails
from kroi.leads.people.rules.contacts import Contact, Keys
from kroi.leads.rules import names
from kroi.leads.rules.names import Likeness

_ALIKE = {Likeness.EQUAL, Likeness.GIVEN}
_BY_MAILBOX = {
    Likeness.NICKNAME, Likeness.VARIANT, Likeness.INITIAL, Likeness.SLIP, Likeness.FAMILY, Likeness.FIRST,
    Likeness.UNKNOWN,
}  # fmt: skip
_BY_SLIP = {Likeness.EQUAL, Likeness.NICKNAME, Likeness.VARIANT, Likeness.INITIAL, Likeness.SLIP}
_WHOLE = {Likeness.EQUAL, Likeness.NICKNAME}


class Kind(enum.StrEnum):
    """What is to be done about two contacts."""

    SAME = "same"
    SUGGESTED = "suggested"
    DIFFERENT = "different"


class Reason(enum.StrEnum):
    """What speaks for one person, or makes one doubt it."""

    EMAIL = "email"
    PHONE = "phone"
    EMAIL_NEAR = "email_near"
    PHONE_NEAR = "phone_near"
    NAME = "name"
    NAME_NEAR = "name_near"
    FIRST_NAME = "first_name"
    OTHER_NAME = "other_name"
    NOTHING_AGAINST = "nothing_against"


@dataclass(frozen=True)
class Verdict:
    """What was found, and the codes of why."""

    kind: Kind
    reasons: tuple[Reason, ...] = ()


_NAMED = {
    Likeness.EQUAL: Reason.NAME,
    Likeness.FIRST: Reason.FIRST_NAME,
    Likeness.OTHER: Reason.OTHER_NAME,
    Likeness.SISTER: Reason.OTHER_NAME,
}


def judge(one: Contact, other: Contact) -> Verdict:
    """Are these two the same person? The order of the two does not matter."""
    likeness = names.alike(one.name, other.name)
    shared = _shared(one.keys, other.keys)
    if shared:
        named = _NAMED.get(likeness, Reason.NAME_NEAR)
        return Verdict(
            Kind.SAME if _is_certain(one.keys, other.keys, likeness, shared) else Kind.SUGGESTED, (*shared, named)
        )
    return _judge_apart(one, other, likeness)


def _is_certain(mine: Keys, theirs: Keys, likeness: Likeness, shared: tuple[Reason, ...]) -> bool:
    """A number is shared by a household, a mailbox less often; the less the name says, the more they must."""
    if likeness in _ALIKE or (likeness in _BY_MAILBOX and _is_own_mailbox(mine, shared)):
        return True
    return likeness is Likeness.NICKNAME and None in (mine.email, theirs.email)


def _judge_apart(one: Contact, other: Contact, likeness: Likeness) -> Verdict:
    """Two who have neither a mailbox nor a number in common: a slip, or a name alone."""
    named = _NAMED.get(likeness, Reason.NAME_NEAR)
    mine, theirs = one.keys, other.keys
    if likeness in _BY_SLIP and mine.email and theirs.email and mails.is_near(mine.email, theirs.email):
        return Verdict(Kind.SUGGESTED, (Reason.EMAIL_NEAR, named))
    if likeness not in _WHOLE or not (names.is_whole(one.name) and names.is_whole(other.name)):
        return Verdict(Kind.DIFFERENT)
    if mine.email and theirs.email:
        return Verdict(Kind.DIFFERENT)
    if mine.phone and theirs.phone:
        near = _is_slip(mine.phone, theirs.phone)
        return Verdict(Kind.SUGGESTED, (Reason.PHONE_NEAR, named)) if near else Verdict(Kind.DIFFERENT)
    if any((mine.email, mine.phone)) and any((theirs.email, theirs.phone)):
        return Verdict(Kind.SUGGESTED, (named, Reason.NOTHING_AGAINST))
    return Verdict(Kind.DIFFERENT)


def _shared(mine: Keys, theirs: Keys) -> tuple[Reason, ...]:
    email = mine.email is not None and mine.email == theirs.email
    phone = mine.phone is not None and mine.phone == theirs.phone
    return tuple(reason for reason, is_shared in ((Reason.EMAIL, email), (Reason.PHONE, phone)) if is_shared)


def _is_own_mailbox(mine: Keys, shared: tuple[Reason, ...]) -> bool:
    return Reason.EMAIL in shared and mine.email is not None and not mails.is_shared(mine.email)


def _is_slip(one: str, other: str) -> bool:
    """One digit wrong, missing, doubled or swapped, and not the first ones."""
    return one[:4] == other[:4] and OSA.distance(one, other) == 1
