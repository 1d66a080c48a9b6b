"""Decisions become rows: cars, their ledger and history, and the import's own record. In the caller's transaction."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from kroi.accounts import audit
from kroi.catalogue.imports import queries
from kroi.catalogue.imports.decisions import Decision
from kroi.catalogue.imports.queries import Known
from kroi.catalogue.imports.rules import IncomingCar
from kroi.catalogue.models import Car, CarEvent, CarEventKind, ImportRow, OldSlug, PriceChange, RowOutcome
from kroi.catalogue.rules import ON_SALE, SOLD, CarStatus, Condition, prices, search
from kroi.catalogue.rules import slugs as slug_rules
from kroi.catalogue.slugs import service as slugs
from kroi.catalogue.stock_numbers import service as stock_numbers
from kroi.core.text import slug
from kroi.db import bulk

_ON_SALE_ONCE = (*ON_SALE, *SOLD)
_EMPTY: dict[str, Any] = {
    "trim": "", "body": None, "model_year": None, "first_registration": None, "price_cents": 0, "cost_cents": None,
    "vat": None, "mileage_km": None, "fuel": None, "transmission": None, "drive": None, "power_kw": None,
    "displacement_ccm": None, "colour": None, "doors": None, "seats": None, "owners": None, "vin": None, "plate": None,
    "co2_g_km": None, "consumption_dl_100km": None, "condition": Condition.USED, "arriving": False, "category": None,
    "featured": False, "paragraphs": [], "features": [], "specifications": [], "acquired_on": None,
}  # fmt: skip
_SEARCHED = (
    "make", "model", "trim", "stock_number", "model_year", "body", "fuel", "transmission", "drive", "colour",
    "features", "paragraphs",
)  # fmt: skip


def add_cars(decisions: Sequence[Decision], at: datetime, run_id: int) -> dict[int, int]:
    """Write the new cars with their first price and first line of history; answers car id by row number."""
    numbers = _numbers(decisions)
    wanted = [slug_rules.wanted(*_names(each), number) for each, number in zip(decisions, numbers, strict=True)]
    addresses = slugs.take(wanted)
    rows = [_car(*each, at) for each in zip(decisions, numbers, addresses, strict=True)]
    bulk.insert_rows(Car, rows)
    ids = queries.ids_of(numbers)
    bulk.insert_rows(
        PriceChange, [_price(car_id, row["price_cents"], at) for car_id, row in zip(ids, rows, strict=True)]
    )
    reason = f"import {run_id}"
    bulk.insert_rows(
        CarEvent,
        [
            _event(car_id, CarEventKind.STATUS, None, row["status"].value, reason, at)
            for car_id, row in zip(ids, rows, strict=True)
        ],
    )
    return {decision.number: car_id for decision, car_id in zip(decisions, ids, strict=True)}


def _numbers(decisions: Sequence[Decision]) -> list[str]:
    """The file's stock numbers, and numbers of our own for cars that have none."""
    given = [_incoming(each).stock_number for each in decisions]
    nameless = given.count(None)
    taken = {number for number in given if number}
    own: Iterator[str] = iter(())
    if nameless:
        own = (str(number) for number in stock_numbers.take(nameless + len(taken)) if str(number) not in taken)
    return [number or next(own) for number in given]


def _names(decision: Decision) -> tuple[str, str]:
    car = _incoming(decision)
    return car.make, car.model


def _incoming(decision: Decision) -> IncomingCar:
    if decision.row is None or decision.row.car is None:
        raise ValueError("this decision has no car")
    return decision.row.car


def _car(decision: Decision, number: str, address: str, at: datetime) -> dict[str, Any]:
    car, status = _incoming(decision), decision.status or CarStatus.AVAILABLE
    facts = {name: list(value) if isinstance(value, tuple) else value for name, value in car.facts().items()}
    facts.pop("location", None)  # which is no column of the car
    row = _EMPTY | facts | {"stock_number": number, "slug": address} | moments(None, status, at)
    row |= {"source_id": car.source_id, "fingerprint": decision.row.fingerprint if decision.row else None}
    row["specifications"] = [list(pair) for pair in row["specifications"]]
    row |= {"make_slug": slug(car.make), "model_slug": slug(car.model), "created_at": at, "updated_at": at}
    row["search_text"] = search.search_text(**{name: row[name] for name in _SEARCHED})
    return row


def moments(known: Known | None, status: CarStatus, at: datetime) -> dict[str, Any]:
    """The status, and the moments that go with it."""
    listed = known["listed_at"] if known else None
    sold = known["sold_at"] if known else None
    return {
        "status": status,
        "listed_at": (listed or at) if status in _ON_SALE_ONCE else listed,
        "sold_at": (sold or at) if status in SOLD else None,
        "withdrawn_at": at if status is CarStatus.WITHDRAWN else None,
        "reserved_until": known["reserved_until"] if known and status is CarStatus.RESERVED else None,
    }


def change_cars(decisions: Sequence[Decision], at: datetime, run_id: int) -> None:
    """Write what changed, with a line of the ledger for each new price and lines of history for the rest."""
    repriced = [each.known["id"] for each in decisions if each.known and "price_cents" in each.changes]
    ledgers = queries.ledgers(repriced)
    updates = [_update(each, ledgers, at) for each in decisions]
    _follow(updates, decisions)
    bulk.update_rows(Car, updates)
    bulk.insert_rows(
        PriceChange,
        [
            _price(each.known["id"], each.changes["price_cents"].after, at)
            for each in decisions
            if each.known and "price_cents" in each.changes
        ],
    )
    bulk.insert_rows(CarEvent, [event for each in decisions for event in _events(each, at, run_id)])


def _update(decision: Decision, ledgers: Mapping[int, list[prices.Step]], at: datetime) -> dict[str, Any]:
    """The columns to write for a changed car: what changed, and what is made from it."""
    known = decision.known or {}
    facts = decision.row.car.facts() if decision.row and decision.row.car else {}
    new = {name: facts[name] for name in decision.changes if name in facts and name not in ("status", "location")}
    new = {name: list(value) if isinstance(value, tuple) else value for name, value in new.items()}
    if "specifications" in new:
        new["specifications"] = [list(pair) for pair in new["specifications"]]
    if "price_cents" in new:
        listed = known["listed_at"]
        new["struck_cents"] = prices.struck_price(ledgers[known["id"]], new["price_cents"], at, listed)
        new["struck_until"] = prices.struck_until(new["struck_cents"], at)
    if "status" in decision.changes and decision.status:
        new |= moments(known, decision.status, at)
    merged = known | new
    row = {"id": known["id"], "updated_at": at, **new}
    if decision.row and decision.row.car:
        row |= {"fingerprint": decision.row.fingerprint, "source_id": decision.row.car.source_id or known["source_id"]}
    row |= {"make_slug": slug(merged["make"]), "model_slug": slug(merged["model"])}
    row["search_text"] = search.search_text(**{name: merged[name] for name in _SEARCHED})
    return row


def _follow(updates: Sequence[dict[str, Any]], decisions: Sequence[Decision]) -> None:
    """Cars that are called something else now get the address for it; the one they had redirects."""
    renamed = [
        (row, each.known)
        for row, each in zip(updates, decisions, strict=True)
        if each.known and {"make", "model"} & set(each.changes)
    ]
    wanted = [
        slug_rules.wanted(str((known | row)["make"]), str((known | row)["model"]), known["stock_number"])
        for row, known in renamed
    ]
    moved = [(row, known, name) for (row, known), name in zip(renamed, wanted, strict=True) if known["slug"] != name]
    addresses = slugs.take([name for _row, _known, name in moved])
    for (row, _known, _name), address in zip(moved, addresses, strict=True):
        row["slug"] = address
    bulk.insert_rows(OldSlug, [{"slug": known["slug"], "car_id": known["id"]} for _row, known, _name in moved])


def _events(decision: Decision, at: datetime, run_id: int) -> Iterator[dict[str, Any]]:
    """History of a changed car: that an import did it, and what."""
    car_id = (decision.known or {})["id"]
    if decision.outcome is RowOutcome.CHANGED:
        yield _event(car_id, CarEventKind.IMPORTED, None, None, f"import {run_id}", at)
    for name, change in decision.changes.items():
        if name == "status":
            reason = decision.reason if decision.outcome is RowOutcome.WITHDRAWN else f"import {run_id}"
            yield _event(car_id, CarEventKind.STATUS, change.before, change.after, reason, at)
        elif name not in ("price_cents", "photos"):  # the ledger and the photos' own lines tell those
            long = name in ("paragraphs", "features", "specifications")
            before, after = ("", "") if long else (_text(change.before), _text(change.after))
            yield _event(car_id, CarEventKind.EDITED, before, after, name, at)


def _text(value: object) -> str | None:
    return None if value in (None, "") else str(value)


def record_rows(decisions: Sequence[Decision], added: Mapping[int, int], run_id: int) -> None:
    """Keep how every row ended, and of changed cars what they were, for the undo."""
    bulk.insert_rows(ImportRow, [_record(each, added, run_id) for each in decisions])


def _record(decision: Decision, added: Mapping[int, int], run_id: int) -> dict[str, Any]:
    known, status_changed = decision.known or {}, "status" in decision.changes
    before = {name: change.before for name, change in decision.changes.items()}
    if status_changed:
        before |= {name: _moment(known[name]) for name in ("sold_at", "withdrawn_at", "reserved_until", "listed_at")}
    if "price_cents" in before:
        before |= {"struck_cents": known["struck_cents"], "struck_until": _moment(known["struck_until"])}
    if before and decision.row:
        before |= {"fingerprint": known["fingerprint"], "source_id": known["source_id"]}
    after = {name: change.after for name, change in decision.changes.items()}
    if "photos" in after:
        after["photos"] = [each.photo.digest for each in decision.photos]
    return {
        "run_id": run_id,
        "row_number": decision.number,
        "outcome": decision.outcome,
        "reason": decision.reason,
        "car_id": added.get(decision.number) if decision.outcome is RowOutcome.ADDED else known.get("id"),
        "before": before or None,
        "after": after or None,
    }


def _moment(value: datetime | date | None) -> str | None:
    return value.isoformat() if value else None


def _price(car_id: int, cents: int, at: datetime) -> dict[str, Any]:
    return {"car_id": car_id, "price_cents": cents, "at": at, "by_id": audit.actor_id()}


def _event(
    car_id: int, kind: CarEventKind, before: str | None, after: str | None, reason: str | None, at: datetime
) -> dict[str, Any]:
    return {
        "car_id": car_id,
        "kind": kind,
        "before": before,
        "after": after,
        "at": at,
        "by_id": audit.actor_id(),
        "reason": reason,
    }
