"""Which status a car may go to, and how long a sold one's page stays."""

from datetime import datetime, timedelta

from kroi.catalogue.rules.values import SOLD, CarStatus

MOVES: dict[CarStatus, tuple[CarStatus, ...]] = {
    CarStatus.DRAFT: (CarStatus.AVAILABLE,),
    CarStatus.AVAILABLE: (CarStatus.RESERVED, CarStatus.SOLD, CarStatus.WITHDRAWN, CarStatus.DRAFT),
    CarStatus.RESERVED: (CarStatus.AVAILABLE, CarStatus.SOLD),
    CarStatus.SOLD: (CarStatus.DELIVERED, CarStatus.AVAILABLE),
    CarStatus.DELIVERED: (),
    CarStatus.WITHDRAWN: (CarStatus.AVAILABLE, CarStatus.DRAFT),
}
SOLD_PAGE_STAYS = timedelta(days=30)


def may_move(current: CarStatus, target: CarStatus) -> bool:
    """Is this a legal move?"""
    return target in MOVES[current]


def needs_reason(current: CarStatus, target: CarStatus) -> bool:
    """A sale that fell through is explained."""
    return (current, target) == (CarStatus.SOLD, CarStatus.AVAILABLE)


def is_reservation(current: CarStatus, target: CarStatus) -> bool:
    """The only moves that sales may make alone: reserving, and taking it back."""
    return {current, target} == {CarStatus.AVAILABLE, CarStatus.RESERVED}


def is_about_reserving(current: CarStatus, target: CarStatus) -> bool:
    """A move between available and reserved, legal or not (somebody else may have been faster)."""
    return {current, target} <= {CarStatus.AVAILABLE, CarStatus.RESERVED}


def page_is_gone(status: CarStatus, sold_at: datetime | None, now: datetime) -> bool:
    """Is the public page over (410)? Sold cars keep theirs for a while, with alternatives."""
    if status is CarStatus.WITHDRAWN:
        return True
    sold = status in SOLD
    return sold and (sold_at is None or now - sold_at > SOLD_PAGE_STAYS)
