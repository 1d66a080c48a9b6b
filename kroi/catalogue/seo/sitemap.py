"""The sitemap's XML, joined from strings: it names thousands of pages, and a template takes ten times as long."""

from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import escape

_BEGIN = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NAMES = ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
_LINK = '<xhtml:link rel="alternate" hreflang="{}" href="'


def sitemap(root: str, prefixes: Sequence[tuple[str, str]], pages: Sequence[tuple[str, date | None]]) -> str:
    """`pages` are paths without a prefix and their last change; `prefixes` are languages, the own one first."""
    head = _BEGIN.format("urlset") + (_NAMES if len(prefixes) > 1 else "")
    return f"{head}>\n" + "".join(_entries(str(escape(root)), prefixes, pages)) + "</urlset>\n"


def _entries(root: str, prefixes: Sequence[tuple[str, str]], pages: Iterable[tuple[str, date | None]]) -> Iterable[str]:
    starts = [root + prefix for _language, prefix in prefixes]
    alternates = [(_LINK.format(language), root + prefix) for language, prefix in prefixes]
    alternates.append((_LINK.format("x-default"), starts[0]))
    for page, changed in pages:
        path = str(escape(page))
        links = "".join([f'{link}{start}{path}"/>' for link, start in alternates]) if len(prefixes) > 1 else ""
        end = (f"<lastmod>{changed.isoformat()}</lastmod>" if changed else "") + links + "</url>\n"
        for start in starts:
            yield f"<url><loc>{start}{path}</loc>{end}"


def several(root: str, paths: Iterable[str]) -> str:
    """The sitemap of sitemaps."""
    places = (f"<sitemap><loc>{escape(root + path)}</loc></sitemap>\n" for path in paths)
    return _BEGIN.format("sitemapindex") + ">\n" + "".join(places) + "</sitemapindex>\n"
