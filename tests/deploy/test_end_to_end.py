"""The installation of the guide, from outside: TLS, a shopper, staff, photos, two dealerships."""

import http.client
import re
import time
from io import BytesIO

import pytest
from PIL import Image

from kroi.web.headers import HSTS
from tests.deploy.installation import PASSWORD, Installation
from tests.deploy.visitor import Visitor

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]  # a whole installation is started
A_MOMENT = 2.2  # seconds; who sends a form sooner than two is no person


def signed_in(made: Installation, email: str, host: str = "localhost") -> Visitor:
    found = made.visitor(host)
    answer = found.post("/staff/sign-in", email=email, password=PASSWORD)
    assert answer.status == 303, answer.text
    return found


def first_car(visitor: Visitor) -> str:
    found = re.search(r'href="/cars/(volvo-[a-z0-9-]+)"', visitor.get("/cars/").text)
    assert found
    return found.group(1)


def test_a_shopper_asks_and_staff_answer(installed: Installation) -> None:
    shopper = installed.visitor()
    page = f"/cars/{first_car(shopper)}/inquiry"
    ticket = shopper.field(page, "submission")
    time.sleep(A_MOMENT)
    asked = {"name": "Sade Salo", "email": "sade@shopper.test", "message": "Is it still for sale?"}
    answer = shopper.post(page, submission=ticket, interest="question", **asked)
    assert answer.status == 303, answer.text
    olga = signed_in(installed, "olga@a.test")
    lead = re.search(r'href="(/staff/leads/\d+)"', olga.get("/staff/leads/").text)
    assert lead and "Sade Salo" in olga.get(lead.group(1)).text
    assert olga.post(f"{lead.group(1)}/note", text="Rang back, she comes on Friday").status == 303
    assert "comes on Friday" in olga.get(lead.group(1)).text
    assert olga.post(f"{lead.group(1)}/status", status="contacted").status == 303
    chris = signed_in(installed, "chris@b.test", "harbour.localhost")
    assert chris.get(lead.group(1)).status == 404
    assert first_car(shopper) not in installed.visitor("harbour.localhost").get("/cars/").text


def test_a_photo_comes_in_whole_and_is_served(installed: Installation) -> None:
    olga = signed_in(installed, "olga@a.test")
    car = re.search(r'href="(/staff/cars/\d+)"', olga.get("/staff/cars/").text)
    assert car
    photo = BytesIO()
    Image.effect_noise((2400, 1600), 90).convert("RGB").save(photo, "JPEG", quality=95)
    assert len(photo.getvalue()) > 1_000_000  # more than the proxy keeps in memory
    assert olga.send(f"{car.group(1)}/photos", "photo", "front.jpg", photo.getvalue()).status == 303
    shown = re.search(r'src="(/media/[^"]+)"', olga.get(car.group(1)).text)
    assert shown
    served = installed.visitor().get(shown.group(1))
    assert (served.status, served.headers["content-type"].partition("/")[0]) == (200, "image")


def test_tls_is_the_only_way_in_and_says_so_once(installed: Installation) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", installed.plain, timeout=10)
    plain.request("GET", "/cars/?make=volvo", headers={"Host": "cars.test"})
    moved = plain.getresponse()
    assert (moved.status, moved.headers["Location"]) == (301, "https://cars.test/cars/?make=volvo")
    plain.close()
    page = installed.visitor().get("/staff/sign-in")
    assert page.headers["strict-transport-security"] == HSTS
    assert page.headers["server"] == "nginx"


def test_a_visitor_cannot_say_who_they_are(installed: Installation) -> None:
    forged = {"X-Forwarded-Host": "harbour.localhost", "X-Forwarded-For": "10.9.8.7", "X-Forwarded-Proto": "http"}
    page = installed.visitor().get("/cars/", **forged)
    assert "Volvo" in page.text  # Harbour Motors has no cars
    for _ in range(200):
        if installed.visitor().get("/api/health", **{"X-Forwarded-For": "10.0.0.1"}).status == 429:
            return
    raise AssertionError("whoever makes addresses up is not counted")


def test_static_files_are_kept_by_the_proxy_for_ever(installed: Installation) -> None:
    visitor = installed.visitor()
    style = re.search(r'href="(/static/shop\.[0-9a-f]+\.css)"', visitor.get("/cars/").text)
    assert style
    packed = visitor.get(style.group(1), **{"Accept-Encoding": "br"})
    assert packed.headers["content-encoding"] == "br" and "immutable" in packed.headers["cache-control"]
    assert visitor.get(style.group(1)).headers.get("content-encoding") is None
    kept = list((installed.folder / "scratch" / "static").rglob("*"))
    assert any(path.is_file() and b"text/css" in path.read_bytes() for path in kept)


def test_metrics_are_not_for_everybody(installed: Installation) -> None:
    assert installed.visitor().get("/metrics").status == 404


def test_the_proxys_log_holds_no_address_and_no_path(installed: Installation) -> None:
    installed.visitor().get("/cars/?q=somebody-looked-for-this")
    said = (installed.folder / "nginx.log").read_text()
    assert re.search(r" GET 200 ", said)
    assert "somebody-looked-for-this" not in said and "127.0.0.1" not in said


def test_when_nobody_serves_a_visitor_is_told_to_come_again(installed: Installation) -> None:
    for port in installed.webs:
        assert installed.end(f"kroi-web@{port}") == 0
    try:
        answer = installed.visitor().get("/cars/")
        assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    finally:
        for port in installed.webs:
            installed.start_web(port)
    assert installed.visitor().get("/cars/").status == 200


@pytest.mark.parametrize("name", ["kroi-backup.service", "kroi-base.service"])
def test_the_timers_services_back_up_with_the_login_that_the_guide_makes(installed: Installation, name: str) -> None:
    installed.unit(name)
    code = installed.running.pop(name.partition(".")[0]).wait(timeout=120)
    assert code == 0, (installed.folder / f"{name}-.log").read_text(encoding="utf-8")
    assert "kroi-" in installed.flask("ops", "list")
