"""Statements in few words, and how their times spread."""

import re
from collections.abc import Sequence
from itertools import pairwise

_TABLES = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)\b(?!…)")
_COLUMNS = re.compile(r"\b([a-z_]+)\.[a-z_]+")
_MOST_NAMES = 4


def brief(statement: str) -> str:
    """What it does and to which tables, for a line that is read: `SELECT cars, leads`."""
    names = list(dict.fromkeys([*_TABLES.findall(statement), *_COLUMNS.findall(statement)]))
    names = [name for name in names if not name.startswith("anon_")]
    more = " …" if len(names) > _MOST_NAMES else ""
    return f"{statement.partition(' ')[0]} {', '.join(names[:_MOST_NAMES])}{more}".strip()


def apart(sums: Sequence[float]) -> list[int]:
    """How many are in each bucket, where `sums` says how many are in it and in those before it."""
    return [round(upto - before) for before, upto in pairwise([0, *sums])]


def share(part: float, whole: float) -> int:
    """In hundredths, 0 to 100."""
    return max(0, min(100, round(100 * part / whole))) if whole else 0
