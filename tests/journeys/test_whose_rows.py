"""Every statement behind a public address says whose rows it wants, so that the tables can be spread by dealership."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import UniqueConstraint

from kroi.catalogue.models import Photo
from kroi.db.model import Model
from tests.journeys.routes import PUBLIC_POSTS
from tests.journeys.visits import visited
from tests.support import distribution
from tests.support.client import Client
from tests.support.makers import make_car, make_lead, make_user, stored
from tests.support.queries import counted_queries

OF_ALL = {"/api/health", "/api/health/db", "/metrics"}  # how the installation is: asked by machines about everybody
ONLY_SQLITE = "SELECT max("  # it gives numbers of deleted rows again, unless it is told the highest one of all
POSTED = {
    "name": "Sade",
    "email": "sade@shopper.test",
    "message": "Is it here?",
    "interest": "question",
    "password": "wrong",
    "text": "More",
}


def test_it_knows_a_statement_that_says_whose_rows_it_wants() -> None:
    whose = distribution.spread
    assert whose("SELECT cars.dealership_id FROM cars WHERE cars.id = ?") == ["cars"]
    assert whose("SELECT 1 FROM cars WHERE cars.id = ? AND cars.dealership_id = ?") == []
    join = "SELECT 1 FROM cars JOIN photos AS p ON p.car_id = cars.id"
    assert whose(f"{join} WHERE cars.dealership_id = ?") == ["photos"]
    assert whose(f"{join} AND p.dealership_id = cars.dealership_id WHERE cars.dealership_id = ?") == []
    assert whose("SELECT version FROM catalogue_versions WHERE dealership_id = ?") == []
    assert whose("INSERT INTO leads (id, dealership_id) VALUES (?, ?)") == []
    assert whose("DELETE FROM leads WHERE id = ?") == ["leads"]


def test_whatever_is_unique_is_so_within_a_dealership() -> None:
    for name in distribution.OWNED:
        table = Model.metadata.tables[name]
        unique = [each.columns.keys() for each in table.constraints if isinstance(each, UniqueConstraint)]
        unique += [each.columns.keys() for each in table.indexes if each.unique]
        assert all("dealership_id" in columns for columns in unique), name
        assert any(columns[0] == "dealership_id" for columns in [*unique, table.primary_key.columns.keys()]), name


def addresses(app: Flask, values: dict[str, Any]) -> list[tuple[str, str]]:
    """Every method and path that is for shoppers, machines and whoever wants in."""
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted({"GET", "POST"} & (rule.methods or set())):
            if rule.rule in OF_ALL or (rule.rule.startswith("/staff") and not _is_door(rule.rule)):
                continue
            path = filled(rule.rule, values)
            found.append((method, path))
    return found


def filled(rule: str, values: dict[str, Any]) -> str:
    """The rule's address of these things."""
    return re.sub(r"<(?:[^:>]*:)?(\w+)>", lambda name: str(values[name.group(1)]), rule)


def _is_door(rule: str) -> bool:
    return rule.startswith(("/staff/sign-in", "/staff/forgotten", "/staff/link"))


@pytest.fixture
def values(app: Flask) -> dict[str, Any]:
    """One of each thing that a public address may name."""
    car = make_car(photo_count=1)
    stored(Photo(car_id=car.id, digest="0" * 32, width=1600, height=1200, position=0, alt=""))
    make_car(model="Like it")
    make_user("Olga", email="olga@a.test")
    lead = make_lead(car=car)
    return {**visited(lead), "slug": car.slug, "block": 1, "name": "none.webp", "secret": "x" * 43, "filename": "x"}


def ticket(client: Client, path: str) -> str:
    """What the form at this address sends along, if there is one."""
    found = re.search(r'name="submission"[^>]*value="([^"]+)"', client.get(path, check=False).text)
    return found[1] if found else ""


def test_no_statement_behind_a_public_address_is_without_the_dealership(
    app: Flask, client: Client, values: dict[str, Any], engine: str
) -> None:
    asked = addresses(app, values)
    posts = {filled(each.removeprefix("POST "), values) for each in PUBLIC_POSTS}
    assert posts <= {path for method, path in asked if method == "POST"}
    seen, spread = set(), []
    for method, path in asked:
        form = {**POSTED, "email": "olga@a.test", "submission": ticket(client, path)} if method == "POST" else None
        with counted_queries() as sent:
            client.open(path, method=method, check=False, data=form)
        seen |= {table for statement in sent for table, _name in distribution.owned_in(statement)}
        spread += [
            f"{method} {path}: {each}"
            for statement in sent
            for each in distribution.spread(statement)
            if engine == "postgresql" or not statement.startswith(ONLY_SQLITE)
        ]
    assert {"cars", "photos", "leads", "people", "users", "appointments"} <= seen  # it did look
    assert sorted(set(spread)) == []
