"""Fills Kroi's own database with an invented stock, on all processors, and says how far it is."""

import os
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from tqdm import tqdm

from kroi.catalogue.models import Car, NumberSequence, Photo, PriceChange
from kroi.catalogue.stock_numbers import service as stock_numbers
from kroi.core.config import Settings
from kroi.db.model import Model, db, session
from kroi.db.tenancy import acting_for
from kroi.db.transaction import transaction
from kroi.dealerships import queries as dealerships
from kroi.dealerships import service as profiles
from kroi.factory import create_app
from tests.benchmarks.stock import cars
from tests.benchmarks.stock.writers import Encoder, PostgresqlWriter, SqliteWriter, Values, Writer

PROFILE = {
    "name": "Rantamäen Auto",
    "phone": "+358 40 000 0000",
    "email": "myynti@rantamaki.example",
    "street": "Satamakatu 4",
    "postal_code": "02920",
    "city": "Espoo",
    "opening_hours": {str(day): [["09:00", "18:00"]] for day in range(6)},
}
MODELS: tuple[type[Model], ...] = (Car, Photo, PriceChange)
Encoded = list[tuple[type[Model], list[str], list[Values]]]


def fill(settings: Settings, count: int, seed: int = 1) -> None:
    """Put `count` cars into the migrated, empty database of these settings."""
    dealership_id = _open_shop(settings)
    url = make_url(settings.database_url)
    writer: Writer
    if url.get_backend_name() == "sqlite":
        writer = SqliteWriter(Path(str(url.database)), MODELS)
    else:
        writer = PostgresqlWriter(settings.database_url, MODELS)
    with tqdm(total=count, unit=" cars", unit_scale=True, file=sys.stderr, disable=count < cars.CHUNK) as progress:
        for encoded in _encoded(settings.database_url, count, seed, dealership_id):
            for model, names, rows in encoded:
                writer.write(model, names, rows)
            progress.update(len(encoded[0][2]))
        progress.set_postfix_str("indexes")
        writer.finish()


def _open_shop(settings: Settings) -> int:
    """Give the one dealership its name and number range; its key."""
    app = create_app(settings)
    with app.app_context():
        shop = dealerships.get_only_or_by_host(None)
        with acting_for(shop.id), transaction():
            profiles.change_profile(shop.id, **PROFILE)
            session.add(NumberSequence(name="stock", next=stock_numbers.FIRST))
        session.remove()
        db.engine.dispose()
    return shop.id


def _encoded(url: str, count: int, seed: int, dealership_id: int) -> Iterator[Encoded]:
    """The chunks in order, made by other processes, only a few ahead."""
    numbers = range(-(-count // cars.CHUNK))
    if len(numbers) == 1:
        yield encode(url, 0, count, seed, dealership_id)
        return
    waiting: deque[Future[Encoded]] = deque()
    processes = os.cpu_count() or 1
    with ProcessPoolExecutor(processes, mp_context=get_context("fork")) as pool:
        for number in numbers:
            some = min(cars.CHUNK, count - number * cars.CHUNK)
            waiting.append(pool.submit(encode, url, number, some, seed, dealership_id))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def encode(url: str, number: int, count: int, seed: int, dealership_id: int) -> Encoded:
    """One chunk as the driver of this database takes it, table by table."""
    made = list(cars.chunk(number, count, seed))
    tables: tuple[tuple[type[Model], list[dict[str, Any]]], ...] = (
        (Car, [each.car for each in made]),
        (Photo, [photo for each in made for photo in each.photos]),
        (PriceChange, [price for each in made for price in each.prices]),
    )
    dialect, owner = make_url(url).get_dialect()(), {"dealership_id": dealership_id}
    encoded: Encoded = []
    for model, rows in tables:
        encoder = Encoder(model, {*owner, *(rows[0] if rows else ())}, dialect)
        encoded.append((model, encoder.names, [encoder.encode({**row, **owner}) for row in rows]))
    return encoded
