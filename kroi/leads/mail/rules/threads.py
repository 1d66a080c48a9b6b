"""Which lead a mail belongs to: our message ids name it and are signed, so nobody can invent one."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hmac import compare_digest

Sign = Callable[[str], str]
"""Words to a keyed digest in hex."""

_SIGNED = 20  # hex digits of the signature: 80 bits
_TOKEN = r"([0-9]{1,9})\.([0-9]{1,18})\.([0-9a-z-]{1,40})\.([0-9a-f]{20})"
_IN_ID = re.compile(rf"<{_TOKEN}@")
_IN_ADDRESS = re.compile(rf"\+{_TOKEN}@")
_REFERENCE = re.compile(r"K-[0-9]{4}-[0-9]{4,9}", re.IGNORECASE)
_NONCE = re.compile(r"[0-9a-f]{12}")


@dataclass(frozen=True)
class Thread:
    """A lead of a dealership (ids), and the mail of it (`nonce`) that is meant."""

    dealership_id: int
    lead_id: int
    nonce: str

    def token(self, sign: Sign) -> str:
        """It as text that cannot be forged, and that fits an address."""
        said = f"{self.dealership_id}.{self.lead_id}.{self.nonce}"
        return f"{said}.{sign(said)[:_SIGNED]}"

    def message_id(self, sign: Sign, domain: str) -> str:
        """The Message-ID of that mail."""
        return f"<{self.token(sign)}@{domain}>"


def named(ids: str, sign: Sign) -> Thread | None:
    """The thread that In-Reply-To or References name, the last signed one; `None` when none of ours is there."""
    return _last(_IN_ID.findall(ids.lower()), sign)


def addressed(addresses: str, sign: Sign) -> Thread | None:
    """The thread that an address like `sales+TOKEN@…` names."""
    return _last(_IN_ADDRESS.findall(addresses.lower()), sign)


def plus_address(address: str, token: str) -> str:
    """An address that names the thread, where it may be as long as that; else the address as it is."""
    local, _at, domain = address.partition("@")
    longer = f"{local}+{token}"
    return f"{longer}@{domain}" if len(longer) <= 64 else address


def reference(subject: str) -> str | None:
    """The reference of a lead that a subject line names."""
    found = _REFERENCE.search(subject)
    return found.group().upper() if found else None


def with_reference(subject: str, name: str) -> str:
    """The subject with the lead's reference, once."""
    return subject if name in subject else f"{subject} [{name}]".strip()


def is_nonce(words: str) -> bool:
    """Can this be what a form made for its mail?"""
    return bool(_NONCE.fullmatch(words))


def _last(tokens: Iterable[tuple[str, str, str, str]], sign: Sign) -> Thread | None:
    for dealership_id, lead_id, nonce, signature in list(tokens)[:-50:-1]:
        thread = Thread(int(dealership_id), int(lead_id), nonce)
        if compare_digest(sign(f"{dealership_id}.{lead_id}.{nonce}")[:_SIGNED], signature):
            return thread
    return None
