"""Does a statement say whose rows it wants? Then a database that is spread by dealership asks one machine."""

import re
from collections.abc import Iterator

from kroi.db.model import Model, Owned

OWNED = {str(each.local_table) for each in Model.registry.mappers if issubclass(each.class_, Owned)}
_NAMED = re.compile(r'(?:\bFROM|\bJOIN|\bINTO|\bUPDATE|,)\s+"?(\w+)"?(?:\s+AS\s+"?(\w+)"?)?', re.IGNORECASE)


def owned_in(statement: str) -> set[tuple[str, str]]:
    """The owned tables that a statement names, each with the name that it goes by there."""
    return {(found[1], found[2] or found[1]) for found in _NAMED.finditer(statement) if found[1] in OWNED}


def spread(statement: str) -> list[str]:
    """The tables whose rows it wants without saying whose; empty when one machine can answer."""
    named = owned_in(statement)
    return sorted(table for table, name in named if not _says_whose(statement, name, alone=len(named) == 1))


def _says_whose(statement: str, name: str, *, alone: bool) -> bool:
    """In a condition, in a join, or among the columns that it inserts."""
    if re.match(rf'\s*INSERT INTO "?{name}"? \([^)]*\bdealership_id\b', statement):
        return True
    return any(re.search(pattern, statement) for pattern in _conditions(name, alone=alone))


def _conditions(name: str, *, alone: bool) -> Iterator[str]:
    yield rf"\b{name}\.dealership_id\s*(=|IN\b)"
    yield rf"=\s*{name}\.dealership_id\b"
    if alone:  # then the column needs no table's name before it
        yield r"(?<![.\w])dealership_id\s*(=|IN\b)"
