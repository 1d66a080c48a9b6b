"""A page is made once, sent from memory as the browser can read it, and the same for everybody."""

import gzip
from collections.abc import Callable
from unittest.mock import Mock

import brotli
import pytest
import time_machine
from flask import Flask
from werkzeug.test import create_environ

from kroi.accounts.models import User
from kroi.catalogue.changes import watch
from kroi.catalogue.rules import CarStatus
from kroi.dealerships.models import Dealership
from kroi.web import delivery
from tests.support.client import Client
from tests.support.makers import make_car
from tests.support.queries import counted_queries
from tests.web.pages.asking import PARTIAL, memory, seen, text

PUBLIC = ("/", "/cars/", "/cars/?make=audi", "/cars/audi-a4-1", "/privacy", "/sitemap.xml", "/robots.txt")


@pytest.fixture(autouse=True)
def car(app: Flask) -> None:
    make_car(slug="audi-a4-1")


@pytest.mark.parametrize("path", PUBLIC)
def test_a_second_visit_asks_the_database_nothing(
    client: Client, app: Flask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOOKS_EVERY", 600)  # a look is one query twice a second, however many visit
    first = client.get(path)
    with counted_queries() as queries, seen(app) as figures:
        second = client.get(path)
    assert (queries, figures.hits, figures.misses) == ([], 1, 0)
    assert second.data == first.data
    assert dict(second.headers) == dict(first.headers)


@pytest.mark.parametrize("path", PUBLIC)
def test_a_page_says_how_long_others_may_keep_it(client: Client, path: str) -> None:
    for _visit in range(2):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
        assert "Accept-Encoding" in answer.headers["Vary"] and "Cookie" not in answer.headers["Vary"]
        assert "Set-Cookie" not in answer.headers


def test_the_list_says_that_a_fragment_is_another_answer(client: Client) -> None:
    assert "HX-Request-Type" in client.get("/cars/").headers["Vary"]


def test_each_browser_gets_the_coding_it_reads(client: Client, app: Flask) -> None:
    plain = client.get("/cars/").data
    reads: dict[str, Callable[[bytes], bytes]] = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
    with seen(app) as figures:
        for _visit in range(2):
            for accepted, coding in (("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("", "")):
                answer = client.get("/cars/", headers={"Accept-Encoding": accepted}, check=False)
                assert answer.headers.get("Content-Encoding", "") == coding
                assert int(answer.headers["Content-Length"]) == len(answer.data)
                assert reads[coding](answer.data) == plain
    assert figures.misses == 0


def test_beside_a_compressed_page_its_plain_text_takes_no_room(client: Client, app: Flask) -> None:
    plain = client.get("/cars/").data
    client.get("/cars/", headers={"Accept-Encoding": "br"}, check=False)
    assert 0 < memory(app).shelves.described()["bytes"] < len(plain) and client.get("/cars/").data == plain


def test_who_has_the_page_already_is_told_so(client: Client, app: Flask) -> None:
    tag = client.get("/cars/", headers={"Accept-Encoding": "br"}, check=False).headers["ETag"]
    with seen(app) as figures:
        for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
            answer = client.get("/cars/", headers={"If-None-Match": sent})
            assert (answer.status_code, answer.data) == (304, b"")
            assert answer.headers["ETag"] == tag and "Content-Length" not in answer.headers
        assert client.get("/cars/", headers={"If-None-Match": '"other"'}).status_code == 200
    assert figures.unchanged == 4


def test_a_304_says_no_more_than_it_must(client: Client) -> None:
    tag = client.get("/cars/").headers["ETag"]
    again = client.get("/cars/", headers={"If-None-Match": tag})
    assert set(again.headers.keys()) == {"ETag", "Cache-Control", "Vary"}


def test_other_security_headers_make_another_page(client: Client, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = client.get("/privacy").headers["ETag"]
    memory(app).forget_everything()
    monkeypatch.setattr(delivery, "_GUARDS", b"stricter")
    assert client.get("/privacy", headers={"If-None-Match": tag}).status_code == 200


def test_the_server_says_the_date_for_a_page_may_be_hours_old(client: Client) -> None:
    assert all("Date" not in client.get("/cars/").headers for _visit in range(2))


def test_a_kept_page_leaves_in_one_piece_and_not_as_a_stream(client: Client, app: Flask) -> None:
    client.get("/cars/")
    answer = app.wsgi_app(create_environ("/cars/", "http://a.test/"), Mock())
    assert isinstance(answer, list) and len(answer) == 1


def test_head_has_the_same_head_and_no_body(client: Client, app: Flask) -> None:
    whole = client.get("/cars/")
    with seen(app) as figures:
        head = client.head("/cars/")
    assert (figures.hits, head.data, dict(head.headers)) == (1, b"", dict(whole.headers))


def test_who_asks_for_the_head_first_fills_the_memory_with_the_whole_page(client: Client, app: Flask) -> None:
    head = client.head("/cars/")
    with seen(app) as figures:
        whole = client.get("/cars/")
    assert figures.hits == 1 and whole.text.endswith("</html>")
    assert int(head.headers["Content-Length"]) == len(whole.data)


def test_a_part_of_a_page_is_never_sent(client: Client) -> None:
    client.get("/cars/")
    answer = client.get("/cars/", headers={"Range": "bytes=0-10"})
    assert answer.status_code == 200 and answer.text.endswith("</html>")


def test_staff_get_the_page_that_everybody_gets(
    client: Client, app: Flask, signed_in: Callable[[User], Client], ana: User
) -> None:
    portal = signed_in(ana)
    by_staff = portal.get("/cars/")
    with seen(app) as figures:
        by_shopper = client.get("/cars/")
    assert figures.hits == 1 and by_shopper.data == by_staff.data
    assert "Ana" not in by_staff.text and "Set-Cookie" not in by_staff.headers


@pytest.mark.parametrize(
    ("path", "status"), [("/cars/draft", 404), ("/cars/gone", 410), ("/cars/nobody", 404), ("/cars", 308)]
)
def test_what_is_not_a_page_is_not_kept(client: Client, app: Flask, path: str, status: int) -> None:
    make_car(slug="draft", status=CarStatus.DRAFT)
    make_car(slug="gone", status=CarStatus.WITHDRAWN)
    with seen(app) as figures:
        for _visit in range(2):
            assert client.get(path).status_code == status
    assert figures.hits == 0 and memory(app).shelves.described()["pages"] == 0


def test_a_refusal_is_still_a_notice_for_htmx(client: Client) -> None:
    answer = client.get("/cars/nobody", headers=PARTIAL)
    assert answer.status_code == 404 and answer.headers["HX-Retarget"] == "#notices"


@pytest.mark.parametrize("path", ["/contact", "/cars/audi-a4-1/inquiry", "/staff/sign-in", "/api/health"])
def test_forms_and_what_is_personal_are_not_kept(client: Client, app: Flask, path: str) -> None:
    with seen(app) as figures:
        assert "no-store" in client.get(path).headers["Cache-Control"]
    assert (figures.hits, figures.misses) == (0, 0)


def test_a_page_from_memory_is_counted_like_any(client: Client, app: Flask) -> None:
    sights = app.extensions["kroi.views"]._seen
    sights.clear()
    tag = client.get("/cars/").headers["ETag"]
    client.get("/cars/")
    client.get("/cars/", headers={"If-None-Match": tag})
    client.get("/cars/", headers=PARTIAL)
    assert len(sights) == 3


def test_pages_end_when_the_dealer_closes(client: Client, app: Flask, here: Dealership) -> None:
    with time_machine.travel("2026-11-20T15:58:00Z", tick=False) as clock:  # a Friday, 17:58 in Helsinki
        assert "Open until" in text(client, "/cars/")
        clock.shift(119)
        with seen(app) as figures:
            assert "Open until" in text(client, "/cars/")
            assert figures.hits == 1
            clock.shift(1)
            assert "Opens Mon" in text(client, "/cars/")
