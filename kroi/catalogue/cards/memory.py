"""The facts of cards in memory, true of the catalogue's version: what changed is read again."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from kroi.catalogue import queries
from kroi.catalogue.changes import watch
from kroi.catalogue.queries import CarCard
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import in_transaction

MOST = 20_000  # cars of one dealership; then the oldest tenth goes


@dataclass
class _Memory:
    version: int
    cards: dict[int, CarCard] = field(default_factory=dict)


_memories: dict[int, _Memory] = {}  # by dealership
_lock = threading.Lock()


def list_cards(ids: Iterable[int]) -> list[CarCard]:
    """The cards of these cars, in this order; whatever their status. One statement for those not seen lately."""
    wanted = list(ids)
    if in_transaction():  # which may have changed them
        return queries.list_cards(wanted)
    cards = _current()
    found = {car_id: cards[car_id] for car_id in wanted if car_id in cards}
    if missing := [car_id for car_id in wanted if car_id not in found]:
        read = {card.id: card for card in queries.list_cards(missing)}
        found |= read
        _remember(cards, read)
    return [found[car_id] for car_id in wanted if car_id in found]


def forget_everything() -> None:
    """The database is another one now."""
    _memories.clear()


def _current() -> dict[int, CarCard]:
    """The cards known, without those that changed. What is read after this look is at least as new."""
    mine, version = current_dealership_id(), watch.version()
    memory = _memories.get(mine)
    if memory is not None and memory.version == version:
        return memory.cards
    changed = watch.since(memory.version) if memory else None
    kept: dict[int, CarCard] = {}
    if memory is not None and changed is not None:
        kept = {car_id: card for car_id, card in memory.cards.items() if car_id not in changed}
    _memories[mine] = _Memory(version, kept)
    return kept


def _remember(cards: dict[int, CarCard], read: dict[int, CarCard]) -> None:
    with _lock:
        cards.update(read)
        if len(cards) > MOST:
            for car_id in list(cards)[: MOST // 10]:
                del cards[car_id]
