"""What mails and their templates are called on screen, and what a lead's placeholders stand for."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from kroi.catalogue.rules import HIDDEN
from kroi.core.sites import site_of
from kroi.dealerships.rules import Profile
from kroi.leads.mail.models import Direction, Mail
from kroi.leads.mail.rules import later
from kroi.leads.models import Lead
from kroi.web import filters
from kroi.web.place import Place, speaking
from kroi.web.settings import settings
from kroi.web.urls import url_for

PLACEHOLDERS = {
    "name": _l("the customer's name"),
    "car": _l("the car"),
    "price": _l("its price"),
    "link": _l("the address of its page"),
    "me": _l("your name"),
}


def language_of(lead: Lead, profile: Profile) -> str:
    """The language to write to this person in."""
    return lead.language if lead.language in profile.languages else profile.language


def values(lead: Lead, profile: Profile, me: str) -> dict[str, str]:
    """What the placeholders stand for in mails about this lead, in its person's language. Empty: we know none."""
    car = lead.car
    with speaking(Place(language_of(lead, profile), profile.language, profile.currency, profile.zone)):
        shown = car is not None and car.status not in HIDDEN
        page = url_for("catalogue.show", slug=car.slug) if car and shown else url_for("catalogue.home")
        return {
            "name": lead.name,
            "car": car.title if car else "",
            "price": str(filters.euros(car.price_cents)) if car and car.price_cents else "",
            "link": site_of(settings().public_url, profile.host) + page,
            "me": me,
        }


def sample() -> dict[str, str]:
    """Values to show a template with, where there is no lead."""
    return {
        "name": "Anna Aho",
        "car": "Audi A4",
        "price": str(filters.euros(15_900_00)),
        "link": settings().public_url + "/",
        "me": _("your name"),
    }


def state(mail: Mail) -> tuple[str, str, str]:
    """How far a mail of ours got: a shape, a tone and words, as `components/status.html` shows them."""
    if mail.failed_at:
        return "square", "bad", str(_("did not arrive: %(reason)s", reason=failure(mail.failure)))
    if mail.sent_at:
        return "full", "quiet", str(_("sent"))
    if mail.leaves_at:
        return "half", "info", str(_("waits, leaves on %(when)s", when=filters.moment(mail.leaves_at)))
    return "open", "quiet", str(_("waiting to be sent"))


def waits(mail: Mail) -> bool:
    """Does it wait for its time?"""
    return mail.leaves_at is not None and mail.sent_at is None and mail.failed_at is None


def failure(code: str | None) -> str:
    """Why a mail did not arrive, in words."""
    code = code or ""
    if code.startswith("returned 5.1") or code in ("SMTP 550", "SMTP 551", "SMTP 553", "no such address"):
        return str(_("there is no such address"))
    if code.startswith("returned 5.2") or code == "SMTP 552":
        return str(_("their mailbox is full or closed"))
    if code.startswith(("returned", "SMTP 5")):
        return str(_("their mail server refused it"))
    if code == later.CANCELLED:
        return str(_("it was cancelled"))
    if code == later.UNWANTED:
        return str(_("the lead was spam by then"))
    return str(_("their mail server could not be reached for a day"))


def unkept(why: str) -> str:
    """Why something that hung on a mail was not kept, in words."""
    known = {
        "decoration": _("a small picture of their signature"),
        "spam": _("not kept from spam"),
        "too_many": _("more than can be kept"),
        "cut": _("the mail was too long, so its end is missing"),
        "too_heavy": _("too large"),
        "too_large": _("too many pixels"),
        "broken": _("damaged"),
        "empty": _("empty"),
        "too_small": _("too small a picture"),
        "too_narrow": _("too long and narrow a picture"),
    }
    return str(known.get(why) or _("only PDF and pictures are kept"))


def came(mail: Mail) -> bool:
    """Did it come from them?"""
    return mail.direction is Direction.IN
