"""When two e-mail addresses are one mailbox, and when one looks like a slip of the other."""

import re

from rapidfuzz.distance import OSA

_GMAIL = frozenset({"gmail.com", "googlemail.com"})
# Providers that say that what follows a + is the reader's own affair.
_TAGGED = _GMAIL | frozenset({
    "outlook.com", "hotmail.com", "hotmail.fi", "hotmail.co.uk", "live.com", "live.fi", "msn.com", "icloud.com",
    "me.com", "mac.com", "fastmail.com", "proton.me", "protonmail.com", "pm.me", "zoho.com",
})  # fmt: skip
# Mailboxes that a firm reads together: English, Finnish, Swedish, German, Estonian, Polish.
_SHARED = frozenset({
    "info", "office", "sales", "contact", "admin", "hello", "mail", "service", "support", "reception", "toimisto",
    "myynti", "posti", "asiakaspalvelu", "kontor", "forsaljning", "kontakt", "verkauf", "buero", "buro", "zentrale",
    "muuk", "biuro", "sprzedaz", "sekretariat",
})  # fmt: skip
_LONG = 10  # letters in which two slips may happen


def key(address: str) -> str | None:
    """The mailbox: lower case, and without dots and tags where the provider ignores them; `None` for nothing."""
    local, at, domain = address.strip().casefold().rpartition("@")
    if not at:
        return domain or None
    if domain in _TAGGED:
        local = local.partition("+")[0] or local
    if domain in _GMAIL:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def is_shared(address: str) -> bool:
    """Do several people read this mailbox, by its name?"""
    return address.partition("@")[0] in _SHARED


def is_near(one: str, other: str) -> bool:
    """Could one be the other, mistyped? Both as `key` gives them; equal ones are not near but the same."""
    (local, _, domain), (local2, _, domain2) = one.rpartition("@"), other.rpartition("@")
    if one == other or not local or not local2:
        return False
    if domain == domain2:
        return _is_slip(local, local2)
    return _bare(local) == _bare(local2) and OSA.distance(domain, domain2) <= (2 if len(domain) >= 6 else 1)


def _is_slip(local: str, local2: str) -> bool:
    """Two numbers are two mailboxes: who counts up is somebody else."""
    if _bare(local) == _bare(local2):
        return True
    if re.findall(r"\d+", local) != re.findall(r"\d+", local2):
        return False
    return OSA.distance(local, local2) <= (2 if min(len(local), len(local2)) >= _LONG else 1)


def _bare(local: str) -> str:
    return re.sub(r"[._-]", "", local.partition("+")[0] or local)
