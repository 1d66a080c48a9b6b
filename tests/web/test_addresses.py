"""An address may be odd; it leads nowhere else and breaks nothing."""

import pytest
from flask import Flask

from tests.support.client import Client, visitor

ODD = ["%09/evil.test", "%0a/evil.test", "%0d%0aX-Injected:%20yes", "%09%5Cevil.test", "%00/evil.test", "%20/evil.test"]


@pytest.mark.parametrize("path", ODD)
def test_dropping_the_language_from_an_address_never_leads_to_another_site(client: Client, path: str) -> None:
    response = client.get(f"/en/{path}")
    assert response.status_code in (301, 404)
    if response.status_code == 301:
        where = response.headers["Location"]
        assert where.startswith("/") and not where.startswith(("//", "/\\"))
        assert where.isprintable()


def test_dropping_the_language_keeps_the_rest_of_the_address(client: Client) -> None:
    response = client.get("/en/cars/?q=skoda%20fabia&sort=price")
    assert response.headers["Location"] == "/cars/?q=skoda%20fabia&sort=price"


@pytest.mark.parametrize("host", ["a.test", "a.test:81", "A.TEST"])
def test_a_missing_slash_is_added_without_repeating_the_host(client: Client, host: str) -> None:
    response = client.get("/cars?q=audi%20a4", headers={"Host": host})
    assert response.status_code == 308
    assert response.headers["Location"] == "/cars/?q=audi%20a4"


def test_whole_addresses_lead_to_the_dealerships_own_host(app: Flask) -> None:
    for host in ("a.test", "b.test"):
        client = visitor(app)
        client.host = host
        sitemap = client.get("/sitemap.xml", headers={"X-Forwarded-Host": "evil.test"}).text
        assert f"<loc>http://{host}:8000/cars/</loc>" in sitemap and "127.0.0.1" not in sitemap
        assert f'<link rel="canonical" href="http://{host}:8000/cars/">' in client.get("/cars/").text
