"""What happened, told upwards: a lower room publishes, the factory says who listens.

Listeners run at once, in the same transaction, and only write rows.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

Event = TypeVar("Event")

_listeners: dict[type, list[Callable[..., None]]] = defaultdict(list)


def subscribe(kind: type[Event], listener: Callable[[Event], None]) -> None:
    """Call `listener` for each published event of exactly this kind; saying so twice counts once."""
    if listener not in _listeners[kind]:
        _listeners[kind].append(listener)


def publish(event: object) -> None:
    """Tell every listener, in the order they subscribed. A listener's error undoes the transaction."""
    for listener in _listeners[type(event)]:
        listener(event)
