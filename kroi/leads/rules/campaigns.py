"""What brought a visitor, read from addresses that anybody may have written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlsplit

from kroi.leads.rules.lines import one_line

_MOST = 200  # characters of a word, and of a host
_MOST_FIELDS = 50
_NAMES = {"utm_source": "source", "utm_medium": "medium", "utm_campaign": "name"}


@dataclass(frozen=True)
class Campaign:
    """What brought a visitor: the campaign's own words, and the host (no more) that they came from."""

    source: str | None = None
    medium: str | None = None
    name: str | None = None
    referrer_host: str | None = None


def read(asked: Mapping[str, str], referrer: str, own_host: str, known: Campaign = Campaign()) -> Campaign:
    """What this address says, else what the page before it says, else what was `known`.

    `referrer` is the address of that page; only the host of a foreign one is kept.
    """
    host, before = _page_before(referrer)
    words: dict[str, str] = {}
    for name, field in _NAMES.items():
        found = one_line(asked.get(name) or before.get(name) or "")[:_MOST]
        if found:
            words[field] = found
    if host and not known.referrer_host and host != own_host.partition(":")[0].lower():
        words["referrer_host"] = host
    return replace(known, **words)


def _page_before(referrer: str) -> tuple[str, dict[str, str]]:
    try:
        page = urlsplit(referrer)
        return one_line(page.hostname or "")[:_MOST], dict(parse_qsl(page.query, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return "", {}
