"""What a window sheet says, and the code on it."""

from datetime import datetime

import segno
from babel.dates import format_date

from kroi.core import clock
from kroi.web import place

_QUIET = 2  # modules of white around the code, beside the sheet's own white


def code(address: str) -> str:
    """The address as a QR code: an SVG that says all in attributes, so that a strict content policy shows it."""
    return segno.make(address, error="m", micro=False).svg_inline(
        border=_QUIET, omitsize=True, svgclass=None, lineclass=None, dark="#000"
    )


def whole_day(moment: datetime) -> str:
    """A day with its year, since paper is kept: `21 Nov 2026`, `21.11.2026`."""
    here = place.current()
    locale = "en_GB" if here.language == "en" else here.language
    return str(format_date(clock.local(moment, here.zone), "medium", locale=locale))
