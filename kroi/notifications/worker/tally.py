"""How often this process did each chore, and how that went; for whoever adds it up."""

from collections import Counter

DONE, FAILED = "done", "failed"
_counted: Counter[tuple[str, str]] = Counter()


def note(chore: str, outcome: str) -> None:
    """One more time; `outcome` is DONE or FAILED."""
    _counted[chore, outcome] += 1


def counts() -> dict[tuple[str, str], int]:
    """By chore and outcome, since the process started."""
    return dict(_counted)
