"""What the page says about a search: what was left out, and where exactly that is looked for."""

from dataclasses import replace

from flask_babel import gettext as _

from kroi.catalogue.imports.rules import makes
from kroi.catalogue.listing import shown as listing
from kroi.catalogue.listing.notices import Notice
from kroi.catalogue.rules import addresses
from kroi.catalogue.rules.filters import CarFilter
from kroi.catalogue.understanding.rules import merging
from kroi.catalogue.understanding.service import Found
from kroi.core.text import slug


def notice(found: Found, base: str) -> Notice | None:
    """What to say, when what is shown is not quite what was asked for."""
    href = base + addresses.query(replace(found.wanted, q=merging.exact(found.wanted.q)), found.page.sort)
    if found.is_relaxed:
        words = ", ".join(_words(found, found.left_out))
        return Notice(_("Nothing matches all of that, so we left out or loosened: %(filters)s.", filters=words), href)
    if found.corrected:
        return Notice(_("Searched for “%(words)s” instead.", words=found.corrected))
    return None


def _words(found: Found, wanted: CarFilter) -> list[str]:
    page = replace(found.page, filter=wanted)
    named = _names()
    return [named.get(chip.text, chip.text) for chip in listing.chips(page, "")]


def _names() -> dict[str, str]:
    """What makes are called that were never here."""
    return {slug(name): name for name in makes.make_spellings().values()}
