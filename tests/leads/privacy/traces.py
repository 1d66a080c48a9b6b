"""Every place in which a word that somebody told us may stand: rows, raw files, dumps, mails, logs, caches, answers."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import redis
from sqlalchemy import text
from sqlalchemy.engine import make_url

from kroi.db.model import Model, db, session
from tests.leads.privacy.canaries import Hay, read_mail
from tests.leads.privacy.house import House
from tests.support.disk import raw_files
from tests.support.postgres import BIN, plain

_STAFF_PAGES = (
    "/staff/", "/staff/leads/", "/staff/leads/?tab=all", "/staff/leads/?status=spam", "/staff/board?whose=all",
    "/staff/people/", "/staff/people/?tab=dismissed", "/staff/notices/", "/staff/operations/messages/",
    "/staff/operations/", "/staff/audit/", "/staff/audit/export", "/staff/reports/", "/staff/leads/new",
)  # fmt: skip
_SHOP_PAGES = ("/", "/cars/", "/contact", "/privacy")


def everywhere(house: House) -> Iterator[Hay]:
    """All of it."""
    yield from rows()
    yield from database(house)
    yield from files(house)
    yield Hay("the log", "\n".join(house.log.lines).encode())
    yield from caches(house)
    yield from cookies(house)
    yield from answers(house)


def rows() -> Iterator[Hay]:
    """Every table as text."""
    session.rollback()
    with db.engine.connect() as connection:
        for table in Model.metadata.sorted_tables:
            found = connection.execute(text(f"SELECT * FROM {table.name}")).all()
            yield Hay(f"table {table.name}", "\n".join(repr(tuple(row)) for row in found).encode())


def database(house: House) -> Iterator[Hay]:
    """What whoever steals the disk reads: the raw files, or a dump by the server's own program."""
    if house.engine == "postgresql":
        command = [str(BIN / "pg_dump"), "--dbname", plain(house.settings.database_url)]
        yield Hay("pg_dump", subprocess.run(command, capture_output=True, check=True).stdout)
        return
    path = Path(make_url(house.settings.database_url).database or "")
    for name, content in raw_files(path):
        yield Hay(f"raw {name}", content)


def files(house: House) -> Iterator[Hay]:
    """Everything below the instance folder but the database; names count as content."""
    for path in sorted(house.settings.instance.rglob("*")):
        yield Hay(f"name of {path.name}", str(path.relative_to(house.settings.instance)).encode())
        if path.is_file() and ".sqlite3" not in path.name:
            where = str(path.relative_to(house.settings.instance))
            yield from read_mail(where, path.read_bytes()) if path.suffix == ".eml" else _read(where, path)


def _read(where: str, path: Path) -> Iterator[Hay]:
    yield Hay(where, path.read_bytes())


def caches(house: House) -> Iterator[Hay]:
    """What Valkey keeps, and the pages in the memory of this process."""
    with redis.Redis.from_url(house.valkey.url) as client:
        for key in client.scan_iter("*"):
            yield Hay(f"valkey {key!r}", key + b"\n" + (client.dump(key) or b""))
    shelves = house.app.extensions["kroi.pages"]
    yield Hay("kept pages", repr(vars(shelves)).encode())


def cookies(house: House) -> Iterator[Hay]:
    """What browsers were given to keep, unpacked."""
    for number, client in enumerate(house.clients):
        with client.session_transaction(base_url=f"http://{client.host}") as cookie:
            yield Hay(f"cookie of browser {number}", repr(dict(cookie)).encode())


def answers(house: House) -> Iterator[Hay]:
    """Pages that list people or what happened, and the sheets that are taken out."""
    for page in _STAFF_PAGES:
        yield Hay(f"page {page}", house.staff.get(page, check=False).data)
    for page in _SHOP_PAGES:
        yield Hay(f"page {page}", house.shopper.get(page, check=False).data)
    yield Hay("the leads' sheet", house.staff.post("/staff/leads/export").data)
