"""What may stand in a line of the log. Our own words hold no personal data; this is the fence behind that rule."""

import re

LONGEST = 4_000  # characters of a message
_MAIL = re.compile(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;:]+")
_PHONE = re.compile(r"(?<![\w.:-])(?:\+|00?)\d(?:[ ()/-]?\d){6,14}(?![\w:])")
_QUERY = re.compile(r"\?[^\s\"']*=[^\s\"']*")
_LINK = re.compile(r"(/my/|/staff/link/|/staff/email/)[^\s/\"'?]+")


def masked(text: str) -> str:
    """The text without what looks like a mail address, a telephone number, a link's secret or an address's query."""
    for pattern, instead in ((_QUERY, "?…"), (_LINK, r"\1…"), (_MAIL, "…"), (_PHONE, "…")):
        text = pattern.sub(instead, text)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def is_ours(logger: str) -> bool:
    """Did our own code choose the words?"""
    return logger == "kroi" or logger.startswith("kroi.")
