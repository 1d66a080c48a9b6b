"""A look at the database as plain text."""

from collections.abc import Iterator, Mapping

from kroi.operations.upkeep.rules import Look, amount, columns

_MOST = 15  # tables and indexes shown; JSON has all


def plain(look: Look) -> Iterator[str]:
    """Line by line; the largest first."""
    yield f"{look.engine} {look.version}: {amount(look.bytes)}, of which {amount(look.free_bytes)} could be given back"
    yield f"Pages found in memory: {'not counted' if look.hit_rate is None else f'{look.hit_rate:.1%}'}"
    yield f"Connections: {_connections(look)}"
    yield ""
    yield from _tables(look)
    yield ""
    yield from _indexes(look)
    yield from _rows("Waiting for a lock", look.waiting)
    yield from _rows("Slow", look.slow)
    if look.cache is not None:
        yield "Cache: " + ", ".join(f"{name} {value}" for name, value in look.cache.items())
    yield from (f"Note: {note}" for note in look.notes)


def _connections(look: Look) -> str:
    if look.connections_most is None:
        return "not counted"
    states = ", ".join(f"{number} {state}" for state, number in sorted(look.connections.items()))
    return f"{states} (at most {look.connections_most})"


def _tables(look: Look) -> Iterator[str]:
    rows = [("Table", "rows", "size", "indexes", "dead rows", "last vacuum")]
    for each in sorted(look.tables, key=lambda found: -(found.table_bytes + found.index_bytes))[:_MOST]:
        dead = "–" if each.dead_rows is None else f"{each.dead_rows:,}"
        sizes = amount(each.table_bytes), amount(each.index_bytes)
        rows.append((each.table, f"{each.rows:,}", *sizes, dead, each.last_vacuum or "–"))
    yield from columns(rows)


def _indexes(look: Look) -> Iterator[str]:
    rows = [("Index", "size", "used")]
    for each in sorted(look.indexes, key=lambda found: -found.bytes)[:_MOST]:
        rows.append((each.name, amount(each.bytes), "–" if each.used is None else f"{each.used:,}"))
    yield from columns(rows)
    if look.unused:
        yield f"Never used, and keeping nothing unique: {', '.join(look.unused)}"


def _rows(title: str, rows: object) -> Iterator[str]:
    assert isinstance(rows, (list, tuple))
    yield f"{title}: {'nothing' if not rows else ''}".rstrip()
    for row in rows:
        assert isinstance(row, Mapping)
        yield "  " + ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
