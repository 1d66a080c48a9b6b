"""A plot of growth as SVG: one panel for each database, a line for each kind of page, both axes logarithmic."""

import math
from collections.abc import Mapping, Sequence
from html import escape

Point = tuple[int, float]
Series = Mapping[str, Sequence[Point]]

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM, _GAP = 430, 300, 52, 34, 40, 24
_COLOURS = ("#0b5fa5", "#b4460f", "#2f7d32", "#7b3fa0", "#8a6d00", "#a01c48")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 3", "10 4")
_KEY_ROW = 18


def growth(panels: Mapping[str, Series], title: str) -> str:
    """`panels` maps a database to its lines, a line to its points of cars and milliseconds."""
    names = list(dict.fromkeys(name for series in panels.values() for name in series))
    points = [point for series in panels.values() for line in series.values() for point in line]
    low, high = _bounds([time for _cars, time in points])
    width = len(panels) * (_WIDTH + _GAP) + _GAP
    height = _TOP + _HEIGHT + _BOTTOM + _KEY_ROW * math.ceil(len(names) / 2) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        f'font-family="sans-serif" font-size="12"><title>{escape(title)}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for at, (engine, series) in enumerate(panels.items()):
        parts.append(_panel(engine, series, names, _GAP + at * (_WIDTH + _GAP), (low, high)))
    parts += [_key(name, at, width) for at, name in enumerate(names)]
    return "\n".join([*parts, "</svg>\n"])


def _bounds(times: Sequence[float]) -> tuple[int, int]:
    """The powers of ten around all times."""
    known = [time for time in times if time > 0] or [1.0]
    low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
    return low, max(high, low + 1)


def _panel(engine: str, series: Series, names: Sequence[str], left: int, powers: tuple[int, int]) -> str:
    sizes = sorted({cars for line in series.values() for cars, _time in line})
    first, last = math.log10(sizes[0]), math.log10(max(sizes[-1], sizes[0] * 2))
    inner = _WIDTH - _LEFT - 14

    def x(cars: int) -> float:
        return round(left + _LEFT + inner * (math.log10(cars) - first) / (last - first), 1)

    def y(time: float) -> float:
        share = (math.log10(max(time, 10 ** powers[0])) - powers[0]) / (powers[1] - powers[0])
        return round(_TOP + _HEIGHT * (1 - share), 1)

    parts = [f'<text x="{left + _LEFT}" y="{_TOP - 14}" font-weight="bold">{escape(engine)}</text>']
    for power in range(powers[0], powers[1] + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{left + _LEFT} {at}h{inner}" stroke="#ddd"/>')
        parts.append(f'<text x="{left + _LEFT - 6}" y="{at + 4}" text-anchor="end">{10.0**power:g} ms</text>')
    for cars in sizes:
        parts.append(f'<text x="{x(cars)}" y="{_TOP + _HEIGHT + 18}" text-anchor="middle">{cars:,}</text>')
    for name, line in series.items():
        at = names.index(name)
        path = " ".join(f"{x(cars)},{y(time)}" for cars, time in line)
        parts.append(f'<polyline points="{path}" fill="none" {_stroke(at)}/>')
        parts += [f'<circle cx="{x(cars)}" cy="{y(time)}" r="3" fill="{_colour(at)}"/>' for cars, time in line]
    return "\n".join(parts)


def _key(name: str, at: int, width: int) -> str:
    x, y = _GAP + _LEFT + (at % 2) * width // 2, _TOP + _HEIGHT + _BOTTOM + 14 + _KEY_ROW * (at // 2)
    return f'<path d="M{x} {y}h28" {_stroke(at)}/><text x="{x + 36}" y="{y + 4}">{escape(name)}</text>'


def _stroke(at: int) -> str:
    dash = _DASHES[at % len(_DASHES)]
    return f'stroke="{_colour(at)}" stroke-width="2"' + (f' stroke-dasharray="{dash}"' if dash else "")


def _colour(at: int) -> str:
    return _COLOURS[at % len(_COLOURS)]
