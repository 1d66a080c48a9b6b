"""Templates are written with indents for people, and compiled without them: a page is sent that much smaller."""

import re

from jinja2.ext import Extension

_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class NoIndents(Extension):
    """Drops what stands before the first letter of each line of an HTML template; what is filled in stays as it is."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template as it is compiled; the numbers of its lines do not change."""
        return _INDENT.sub("", source) if name and name.endswith(".html") else source
