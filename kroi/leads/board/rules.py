"""Which columns the board has, and how many cards of each a page shows."""

from collections.abc import Mapping

from kroi.leads.rules import OPEN, LeadStatus, moves

COLUMNS = OPEN
AT_FIRST = 20
MOST = 200  # cards of one column


def limits(asked: Mapping[str, str]) -> dict[LeadStatus, int]:
    """How many cards of each column are shown, as the address says; what does not parse is as if it were not there."""
    return {status: _limit(asked.get(status.value, "")) for status in COLUMNS}


def goes_to(current: LeadStatus) -> tuple[LeadStatus, ...]:
    """Where a card's menu leads: everywhere a lead may go but lost, which wants a reason."""
    return tuple(target for target in moves.MOVES[current] if target is not LeadStatus.LOST)


def _limit(raw: str) -> int:
    asked = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 5 else AT_FIRST
    return min(max(asked, AT_FIRST), MOST)
