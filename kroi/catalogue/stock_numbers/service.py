"""Taking stock numbers: none is given twice, also when two people and an import ask at once."""

from sqlalchemy import select

from kroi.catalogue.models import Car, NumberSequence
from kroi.db import dialects
from kroi.db.model import session
from kroi.db.tenancy import current_dealership_id

FIRST = 10_001
_SEQUENCE = "stock"
_BATCH = 500  # numbers asked about in one query


def take(count: int = 1) -> range:
    """The next `count` numbers, one after the other, that no car of the dealership carries. In a transaction."""
    dialects.lock_named(session, f"stock numbers {current_dealership_id()}")
    sequence = session.scalar(select(NumberSequence).where(NumberSequence.name == _SEQUENCE))
    if sequence is None:
        sequence = NumberSequence(name=_SEQUENCE, next=FIRST)
        session.add(sequence)
    first = sequence.next
    while (used := _last_used(range(first, first + count))) is not None:
        first = used + 1
    sequence.next = first + count
    session.flush()
    return range(first, first + count)


def _last_used(numbers: range) -> int | None:
    """The largest of these numbers that a car carries already: files bring numbers of their own."""
    for start in reversed(range(0, len(numbers), _BATCH)):
        wanted = [str(number) for number in numbers[start : start + _BATCH]]
        found = session.scalars(select(Car.stock_number).where(Car.stock_number.in_(wanted))).all()
        if found:
            return max(int(number) for number in found)
    return None
