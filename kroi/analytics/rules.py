"""What counts as a view: which pages, seen by whom, and how a visitor is known for one day only."""

import enum
import hashlib
import re
from datetime import date, timedelta
from functools import lru_cache

_PAGES = {"/": "home", "/cars/": "listing", "/contact": "contact", "/privacy": "privacy"}
_NOT_PAGES = ("/static/", "/media/", "/staff", "/api/", "/metrics", "/robots.txt", "/sitemap", "/favicon")
_BOTS = re.compile(
    r"(?<!cu)bot(\b|[/;_-])|crawl|spider|slurp|archiver|scrap|fetch|monitor|uptime|pingdom|preview|headless|lighthouse"
    r"|phantom|selenium|playwright|puppeteer|facebookexternalhit|whatsapp|skypeuri|embedly|curl|wget|python|httpx"
    r"|aiohttp|\bjava/|okhttp|go-http|libwww|\bperl|\bruby|\bnode|axios|undici|\bphp|postman|insomnia|apache-http"
    r"|scanner|nikto|nmap|zgrab|masscan|httpclient|mediapartners|google-|dataprovider|validator|feedly|\brss",
    re.IGNORECASE,
)


class PageKind(enum.StrEnum):
    """What kind of page was looked at."""

    HOME = "home"
    LISTING = "listing"
    CAR = "car"
    ASK = "ask"
    THANKS = "thanks"
    CONTACT = "contact"
    PRIVACY = "privacy"
    OTHER = "other"


@lru_cache(maxsize=8192)
def page_of(path: str) -> tuple[PageKind, str | None] | None:
    """The kind of the page at `path` (no language prefix) and the car's slug, or `None` when it is no page."""
    if path.startswith(_NOT_PAGES):
        return None
    if path in _PAGES:
        return PageKind(_PAGES[path]), None
    if path.endswith("/thanks"):
        return PageKind.THANKS, None
    first, _slash, rest = path.removeprefix("/").partition("/")
    slug, _slash, deeper = rest.partition("/")
    if first != "cars" or not slug:
        return PageKind.OTHER, None
    if not deeper:
        return PageKind.CAR, slug
    return (PageKind.ASK if deeper == "inquiry" else PageKind.OTHER), None


@lru_cache(maxsize=4096)
def is_bot(agent: str) -> bool:
    """Is this user agent a machine? Who does not say what they are is one."""
    return len(agent) < 12 or _BOTS.search(agent) is not None


def visitor_digest(salt: str, address: str, agent: str) -> str:
    """The same for the same visitor as long as the salt is the same, which is one day; 96 bits."""
    return hashlib.blake2b(f"{address}|{agent}".encode(), key=salt.encode(), digest_size=12).hexdigest()


def days(since: date, until: date) -> list[date]:
    """Every day from `since` to `until`, both included."""
    return [since + timedelta(days=each) for each in range((until - since).days + 1)]
