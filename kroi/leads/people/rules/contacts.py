"""How a contact compares: an address without what its provider ignores, a number in E.164."""

from dataclasses import dataclass

import phonenumbers

from kroi.leads.people.rules import mails


@dataclass(frozen=True)
class Keys:
    """A contact as it compares: the address as in `mails.key`, the number in E.164 (`None`: none, or not a number)."""

    email: str | None
    phone: str | None

    def names(self) -> list[str]:
        """What may be locked so that two inquiries of one person wait for each other."""
        return [f"{kind} {key}" for kind, key in (("email", self.email), ("phone", self.phone)) if key]

    def contradict(self, other: "Keys") -> bool:
        """Do both give an address, or both a number, and another one?"""
        return any(
            mine and theirs and mine != theirs
            for mine, theirs in ((self.email, other.email), (self.phone, other.phone))
        )


@dataclass(frozen=True)
class Contact:
    """Somebody as they gave themselves: the name as typed, the rest as it compares."""

    name: str
    keys: Keys


def keys(email: str | None, phone: str | None, country: str) -> Keys:
    """How a contact compares. `country` (ISO 3166) is where numbers without a country code belong."""
    return Keys(mails.key(email) if email else None, e164(phone, country) if phone else None)


def e164(phone: str, country: str) -> str | None:
    """The number in E.164, or `None` when it cannot be one."""
    number = _parse(phone, country)
    if number is None or not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def can_exist(phone: str | None, country: str) -> bool:
    """Is this a number that somebody could have?"""
    number = _parse(phone, country) if phone else None
    return number is not None and phonenumbers.is_valid_number(number)


def _parse(phone: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(phone, country.upper() or None)
    except phonenumbers.NumberParseException:
        return None
