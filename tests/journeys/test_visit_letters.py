"""A visit is booked, moved and cancelled without script, and each time the shopper's calendar is told by letter."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import morning
from tests.journeys.shop import PATIENCE, Shop, sign_in
from tests.support.server import Server

pytestmark = pytest.mark.server
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def overnight() -> Callable[[Server], None]:
    """Ten leads came."""
    return morning.prepare


def test_the_shoppers_calendar_hears_of_every_change(shop: Shop, visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    sign_in(page, "boris")
    page.goto("/staff/leads/?tab=all")
    page.get_by_role("link", name="Aada Berth", exact=True).click()
    page.get_by_role("link", name="Agree on a time").click()
    theirs = page.get_by_role("region", name="Their visits")
    page.get_by_role("region", name="Agree on a time").get_by_label("When").fill(_noon_in(days=3))
    page.get_by_role("button", name="Book the visit").click()
    expect(theirs).to_contain_text("Confirmed")
    booked = _calendar(shop, "aada@berth.example", method="REQUEST", sequence="0")
    theirs.get_by_text("Move…").click()
    theirs.get_by_label("When").fill(_noon_in(days=4))
    theirs.get_by_role("button", name="Move", exact=True).click()
    expect(theirs).to_contain_text(f"{datetime.now(UTC) + timedelta(days=4):%A %-d %B} 12:00")
    moved = _calendar(shop, "aada@berth.example", method="REQUEST", sequence="1")
    theirs.get_by_role("button", name="Cancel the visit").click()
    expect(theirs).to_contain_text("Cancelled")
    gone = _calendar(shop, "aada@berth.example", method="CANCEL", sequence="2")
    assert booked["UID"] == moved["UID"] == gone["UID"]
    assert _day(moved) - _day(booked) == timedelta(days=1)
    assert _day(gone) == _day(moved)
    assert [each["STATUS"] for each in (booked, moved, gone)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    page.get_by_role("link", name="Aada Berth").click()
    expect(morning.shown(page)).to_contain_text("cancelled the visit")


def test_a_file_of_the_visit_is_had_for_ones_own_calendar(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    sign_in(page, "boris")
    page.goto("/staff/leads/?tab=all")
    page.get_by_role("link", name="Bea Berth", exact=True).click()
    page.get_by_role("link", name="Agree on a time").click()
    page.get_by_role("region", name="Agree on a time").get_by_label("When").fill(_noon_in(days=5))
    page.get_by_role("button", name="Book the visit").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Calendar").click()
    content = download.value.path().read_text()
    assert "METHOD:PUBLISH" in content and "SUMMARY:Test drive: Škoda Superb" in content


def _noon_in(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}T12:00"


def _day(event: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(event["DTSTART"])


def _calendar(shop: Shop, to: str, *, method: str, sequence: str) -> dict[str, str]:
    """The properties in the calendar file of a letter to somebody, once the worker has sent it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for path in shop.folder.glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=default)
            assert isinstance(mail, EmailMessage)
            found = _event(mail)
            if mail["To"] == to and (found.get("METHOD"), found.get("SEQUENCE")) == (method, sequence):
                return found
        time.sleep(0.1)
    raise AssertionError(f"no letter to {to} with {method} {sequence}: {shop.server.said()}")


def _event(mail: EmailMessage) -> dict[str, str]:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            lines = part.get_content().replace("\r\n ", "").replace("\n ", "").splitlines()
            event = dict(line.split(":", 1) for line in lines if ":" in line)
            assert event["METHOD"] == part.get_param("method"), "the letter and its file ask for the same"
            return event
    return {}
