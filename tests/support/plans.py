"""How much of its tables the database looks at to answer a statement."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event

from kroi.db.model import db, session

Sent = tuple[str, Any]
_INSIDE = ("CO-ROUTINE", "MATERIALIZE", "LIST SUBQUERY", "SCALAR SUBQUERY", "CORRELATED")


def settle() -> None:
    """PostgreSQL forgets what earlier tests deleted and counts every table anew, as it does by itself in time.

    Until then it takes a table for as empty as it was, and walks entries of rows that are gone.
    """
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {', '.join(sorted(db.metadata.tables))}")


def sent_by(act: Callable[[], object]) -> list[Sent]:
    """The reads that `act` sends, with their parameters."""
    found: list[Sent] = []

    def note(connection: Any, cursor: Any, statement: str, parameters: Any, *rest: Any) -> None:
        if statement.lstrip().startswith(("SELECT", "WITH")) and "set_config" not in statement:
            found.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return found


def growing_on_sqlite(sent: Sent, tables: tuple[str, ...]) -> list[str]:
    """Steps that go through a whole table, or a dealership's, or sort what a walk ought to find in order.

    What is sorted at the very end is what was found.
    """
    rows = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + sent[0], sent[1]).all()
    above = {row.id: (row.parent, row.detail) for row in rows}
    return [row.detail for row in rows if _is_whole(row.detail, tables) or _sorts_inside(row.detail, row.parent, above)]


def _is_whole(step: str, tables: tuple[str, ...]) -> bool:
    looked = step.startswith("SCAN") or step.endswith("(dealership_id=?)")
    return looked and step.split()[1] in tables


def _sorts_inside(step: str, parent: int, above: dict[int, tuple[int, str]]) -> bool:
    while "TEMP B-TREE" in step and parent:
        parent, outer = above[parent]
        if outer.startswith(_INSIDE):
            return True
    return False


def rows_read_on_postgresql(sent: Sent) -> int:
    """How many rows were looked at in tables and indexes, also those that did not fit."""
    told = session.connection().exec_driver_sql("EXPLAIN (ANALYZE, FORMAT JSON) " + sent[0], sent[1]).scalar_one()
    return sum(_rows(node) for node in _nodes(told[0]["Plan"]) if "Scan" in node["Node Type"])


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _rows(node: dict[str, Any]) -> int:
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int(node["Actual Loops"] * (node["Actual Rows"] + removed))
