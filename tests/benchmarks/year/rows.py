"""Rows as they pile up, table by table, each with its key; the audit is chained when all of it is known."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from kroi.accounts.audit import rules
from kroi.accounts.models import AuditEntry, AuditHead
from kroi.db.model import Model

Batch = tuple[type[Model], list[dict[str, Any]]]
_AT_ONCE = 20_000


@dataclass
class Rows:
    """Rows by table, not yet written. Keys of every table begin at `first`."""

    first: int = 1
    head: tuple[int, str] = (0, rules.START)
    """The number and the hash of the audit's last entry so far."""
    _next: dict[type[Model], int] = field(default_factory=dict)
    _waiting: dict[type[Model], list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _said: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)

    def add(self, model: type[Model], /, **values: Any) -> int:
        """One row; its key. All rows of a table name the same columns."""
        key = self._next.get(model, self.first)
        self._next[model] = key + 1
        self._waiting[model].append({"id": key, **values})
        return key

    def last(self, model: type[Model]) -> dict[str, Any]:
        """The row of this table that was added last."""
        return self._waiting[model][-1]

    def audit(self, at: datetime, actor_id: int | None, action: str, lead_id: int, person_id: int,
              details: dict[str, Any], sealed: str | None = None) -> None:  # fmt: skip
        """An entry about a lead, for the chain."""
        facts = {
            "actor_id": actor_id, "action": action, "subject_kind": "lead", "subject_id": lead_id,
            "details": details, "person_id": person_id, "sealed": sealed,
        }  # fmt: skip
        self._said.append((at, facts))

    def taken(self) -> Iterator[Batch]:
        """What was added since the last time, each table after those that it points at."""
        waiting, self._waiting = self._waiting, defaultdict(list)
        for model in sorted(waiting, key=lambda each: _order()[each.__tablename__]):
            yield model, waiting[model]

    def chain(self) -> Iterator[Batch]:
        """The audit's entries in the order of their moments, each with the hash of the one before."""
        number, digest = self.head
        for at, facts in sorted(self._said, key=lambda each: each[0]):
            number, before = number + 1, digest
            digest = rules.entry_hash(before, number, at, facts)
            self.add(AuditEntry, number=number, at=at, previous_hash=before, hash=digest, **facts)
            if number % _AT_ONCE == 0:
                yield from self.taken()
        self.head = number, digest
        yield from self.taken()

    def head_row(self) -> Batch:
        """The row that says where the chain ends."""
        return AuditHead, [{"id": 1, "number": self.head[0], "hash": self.head[1]}]


@cache
def _order() -> dict[str, int]:
    return {table.name: at for at, table in enumerate(Model.metadata.sorted_tables)}
