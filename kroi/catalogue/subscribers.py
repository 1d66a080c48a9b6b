"""What happens to cars as time goes by."""

from kroi.catalogue import service
from kroi.catalogue.changes import service as changes
from kroi.core import clock
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships


def end_reservations() -> None:
    """Cars whose reservation ended yesterday are offered again. A chore of the worker's."""
    today = clock.today(dealerships.get_profile(current_dealership_id()).zone)
    with transaction():
        service.end_reservations(today)


def forget_changes() -> None:
    """What every web worker has long seen of the catalogue's changes is dropped. A chore of the worker's."""
    with transaction():
        changes.forget_old()
