"""Bars of a ratio for each page as SVG: one panel for each database, on one logarithmic scale."""

import math
from collections.abc import Mapping
from html import escape

_NAMES, _WIDTH, _ROW, _TOP, _GAP = 190, 420, 20, 40, 24
_HOLDS, _FAILS = "#2f7d32", "#b4460f"
_WANTED = 10.0


def drawn(panels: Mapping[str, Mapping[str, float]], title: str) -> str:
    """`panels` maps a database to its pages, a page to its ratio; a line marks the ten that must hold."""
    height = _TOP + _ROW * max((len(pages) for pages in panels.values()), default=0) + _GAP
    width = (_NAMES + _WIDTH + _GAP) * len(panels)
    most = max([_WANTED * 2, *(value for pages in panels.values() for value in pages.values())])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for at, (engine, pages) in enumerate(panels.items()):
        parts.append(_panel(engine, pages, at * (_NAMES + _WIDTH + _GAP), most, height))
    return "\n".join([*parts, "</svg>\n"])


def _panel(engine: str, pages: Mapping[str, float], left: int, most: float, height: int) -> str:
    start, line = left + _NAMES, left + _NAMES + _long(_WANTED, most)
    parts = [
        f'<text x="{start}" y="16" font-weight="bold">{escape(engine)}</text>',
        f'<path d="M{line} {_TOP - 14}V{height - _GAP}" stroke="#555" stroke-dasharray="4 3"/>',
        f'<text x="{line + 4}" y="{_TOP - 6}">{_WANTED:g}×</text>',
    ]
    for row, (page, value) in enumerate(pages.items()):
        y, colour = _TOP + _ROW * row, _HOLDS if value >= _WANTED else _FAILS
        parts.append(f'<text x="{start - 8}" y="{y + 13}" text-anchor="end">{escape(page)}</text>')
        parts.append(f'<rect x="{start}" y="{y + 3}" width="{_long(value, most)}" height="13" fill="{colour}"/>')
        parts.append(f'<text x="{start + _long(value, most) + 4}" y="{y + 13}">{value:.3g}×</text>')
    return "\n".join(parts)


def _long(value: float, most: float) -> float:
    """Pixels of a bar; one tenth is none."""
    share = (math.log10(max(value, 0.1)) + 1) / (math.log10(most) + 1)
    return round(share * (_WIDTH - 60), 1)
