"""What a page asks the database costs the same whatever the stock: walks along indexes that end after some rows."""

from datetime import timedelta

import pytest
from flask import Flask

from kroi.catalogue.index import keeping
from kroi.catalogue.models import Car
from kroi.catalogue.rules import Body, CarStatus
from kroi.catalogue.seo import queries as seo
from kroi.core import clock
from kroi.db.bulk import insert_rows
from kroi.db.model import session
from kroi.db.transaction import transaction
from tests.support import plans
from tests.support.client import Client
from tests.support.makers import make_car

pytestmark = pytest.mark.slow

LARGE = ("cars", "market_listings", "photos", "price_changes", "old_slugs")
NOT_PUBLIC = ("/staff", "/static", "/media", "/metrics", "/api/health")
MANY, FEW = 6_000, 300  # cars (of so many that walking all is dear also to a planner), and rows a query may look at
PART = 50  # ids of a part of the sitemap


@pytest.fixture
def part(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """Many cars alike, some of another kind, and the number of a part of the sitemap."""
    monkeypatch.setattr(seo, "PER_FILE", PART)
    monkeypatch.setattr(keeping, "AT_ONCE", MANY * 2)
    one = make_car(slug="audi-a4-asked")
    make_car(slug="audi-a4-on-request", price_cents=0, featured=True, photo_count=3)
    make_car(slug="audi-a4-rare", body=Body.COUPE)  # no other to be found on the way up or down the prices
    make_car(slug="audi-a4-gone", status=CarStatus.SOLD, sold_at=clock.now() - timedelta(days=90))
    alike = {column.key: getattr(one, column.key) for column in Car.__table__.columns if column.key != "id"}
    with transaction():
        insert_rows(Car, [{**alike, **_differing(at)} for at in range(MANY)])
    plans.settle()
    return one.id // PART + 1


def _differing(at: int) -> dict[str, object]:
    return {
        "slug": f"audi-a4-x{at}",
        "stock_number": f"x{at}",
        "mileage_km": 100_000 + at,
        "model_year": 2010 + at % 10,
        "price_cents": 10_000_00 + at * 100,
        "listed_at": clock.now() - timedelta(minutes=at),
        "status": CarStatus.SOLD if at % 50 == 0 else CarStatus.AVAILABLE,
        "sold_at": clock.now() if at % 50 == 0 else None,
        "featured": at > MANY - 50,
        "photo_count": 2,
    }


def _paths(app: Flask, part: int) -> list[str]:
    """Every public page, and what may be asked of it."""
    names = ("asked", "on-request", "rare", "gone", "never")
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    rules = [rule for rule in rules if not rule.rule.startswith(NOT_PUBLIC)]
    pages = [rule.rule for rule in rules if not rule.arguments]
    pages += [
        rule.rule.replace("<slug>", f"audi-a4-{name}") for rule in rules if rule.arguments == {"slug"} for name in names
    ]
    asked = ("max_price=20000&sort=price", "make=saab&model=9-5", "min_price=999999", "q=diesel+audi", "page=9")
    lists = [f"{base}?{query}" for base in ("/cars/", "/api/v1/cars") for query in asked]
    chosen = [f"{base}?car=audi-a4-asked&car=audi-a4-x7" for base in ("/compare", "/favourites")]
    return [*pages, *lists, *chosen, "/cars/suggestions?q=aud", f"/sitemap-{part}.xml"]


def _greedy(one: plans.Sent, engine: str) -> bool:
    if engine == "sqlite":
        return bool(plans.growing_on_sqlite(one, LARGE))
    return plans.rows_read_on_postgresql(one) > FEW


def test_no_page_asks_for_more_the_more_cars_there_are(app: Flask, client: Client, engine: str, part: int) -> None:
    client.get("/cars/?drive=awd")  # the index is there
    sent = {path: plans.sent_by(lambda path=path: client.get(path, check=False)) for path in _paths(app, part)}  # type: ignore[misc]
    assert sum(map(len, sent.values())) > 40
    greedy = [f"{path}: {one[0]}" for path, asked in sent.items() for one in asked if _greedy(one, engine)]
    assert not greedy, "\n\n".join(greedy)


def test_a_query_that_looks_at_all_cars_would_be_noticed(engine: str, part: int) -> None:
    (one,) = plans.sent_by(session.query(Car).filter(Car.trim == "no such trim").all)
    assert _greedy(one, engine)
