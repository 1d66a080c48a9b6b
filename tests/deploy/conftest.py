"""One installation for the tests that only use it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.installation import PASSWORD, Installation

CARS = """make,model,year,price,mileage,fuel,stock_number
Volvo,V60,2020,21900,84000,diesel,A-1
Audi,A4,2019,18900,99000,petrol,A-2
"""


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Two dealerships, cars at the first, an owner at each, everything started."""
    made = Installation(tmp_path_factory.mktemp("installed"))
    try:
        made.start()
        furnish(made)
        yield made
    finally:
        made.remove()


def furnish(made: Installation) -> None:
    """What the guide says about the first start."""
    made.flask("users", "add", "olga@a.test", "--name", "Olga Oja", "--role", "owner", "--password", PASSWORD)
    stock: Path = made.folder / "stock.csv"
    stock.write_text(CARS, encoding="utf-8")
    made.flask("stock", "import", str(stock))
    made.flask("dealerships", "add", "Harbour Motors", "harbour.localhost")
    made.flask(
        "users", "add", "chris@b.test", "--name", "Chris Cole", "--role", "owner", "--password", PASSWORD,
        "--dealership", "harbour.localhost",
    )  # fmt: skip
