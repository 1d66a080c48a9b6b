"""A calibration plot as a picture that stands alone, light enough for both themes."""

from collections.abc import Sequence

from kroi.leads.scoring.learnt.rules.enough import Bin

SIDE, LEFT, TOP = 320, 56, 16


def calibration_plot(bins: Sequence[Bin]) -> str:
    """Chance said to the right, share won upwards; on the dotted line both are equal."""
    ticks = [_tick(part) for part in (0.0, 0.25, 0.5, 0.75, 1.0)]
    dots = [
        f'<circle cx="{_x(each.said)}" cy="{_y(each.won)}" r="5" fill="#f2cb2e" stroke="#14161a"/>' for each in bins
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + 72} {SIDE + 72}" font-family="sans-serif"'
            ' font-size="12" role="img" aria-label="Chance said and share won, ten groups of leads">',
            f'<rect width="{SIDE + 72}" height="{SIDE + 72}" fill="#fdfdfd"/>',
            *ticks,
            f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#14161a" stroke-dasharray="2 3"/>',
            *dots,
            f'<text x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 44}" text-anchor="middle">chance said</text>',
            f'<text x="14" y="{TOP + SIDE / 2}" text-anchor="middle"'
            f' transform="rotate(-90 14 {TOP + SIDE / 2})">share won</text>',
            "</svg>\n",
        ]
    )


def _tick(part: float) -> str:
    return (
        f'<path d="M{_x(0)} {_y(part)}H{_x(1)}" stroke="#d9dbde"/>'
        f'<text x="{LEFT - 8}" y="{_y(part) + 4}" text-anchor="end">{part:.0%}</text>'
        f'<text x="{_x(part)}" y="{TOP + SIDE + 20}" text-anchor="middle">{part:.0%}</text>'
    )


def _x(share: float) -> float:
    return round(LEFT + SIDE * share, 1)


def _y(share: float) -> float:
    return round(TOP + SIDE * (1 - share), 1)
