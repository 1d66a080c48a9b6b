"""The calculator on a car's page and as a page of its own, and the monthly figure on cards."""

import html
import re
from decimal import Decimal

import pytest
from flask import Flask

from kroi.catalogue.finance import queries, rules
from kroi.catalogue.finance.rules import Terms
from kroi.core import clock
from tests.support.client import Client
from tests.support.makers import make_car

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
PRICE = 24_850_00


def test_the_car_page_says_what_it_costs_a_month_and_why(client: Client) -> None:
    page = client.get(f"/cars/{make_car(price_cents=PRICE).slug}").text
    assert "<b>€397/mo</b>" in page and 'href="#finance"' in page
    for words in ("€19,880", "60 × €396.08".replace(" ", "\xa0"), "5.9%", "€190", "7.5%", "€28,734.80", "Example: "):
        assert words in page, words
    assert "an offer" in page


def test_the_form_sends_to_a_page_that_works_without_script(client: Client) -> None:
    car = make_car(price_cents=PRICE)
    page = client.get(f"/cars/{car.slug}").text
    assert f'action="/cars/{car.slug}/finance" data-hx-get="/cars/{car.slug}/finance"' in page
    alone = client.get(f"/cars/{car.slug}/finance?down=10000&months=36").text
    quote = rules.quote(PRICE, Terms(), down=10_000_00, months=36)
    assert f"€{-(-quote.monthly_cents // 100)}/mo" in alone and 'value="10000"' in alone
    assert "<option selected>36</option>" in alone and f"{quote.apr}%" in alone
    assert f'<link rel="canonical" href="http://a.test:8000/cars/{car.slug}">' in alone and "noindex" in alone


def test_htmx_gets_the_calculator_alone(client: Client) -> None:
    car = make_car(price_cents=PRICE)
    response = client.get(f"/cars/{car.slug}/finance?down=0&months=12", headers=PARTIAL)
    assert response.text.lstrip().startswith('<section class="block" id="finance">') and "<title>" not in response.text
    assert "HX-Request-Type" in response.headers["Vary"]


@pytest.mark.parametrize("query", ["down=-5", "down=lots", "months=0", "months=37", "months=x&down=", "down=1e9", ""])
def test_what_cannot_be_read_is_the_usual(client: Client, query: str) -> None:
    page = client.get(f"/cars/{make_car(price_cents=PRICE).slug}/finance?{query}").text
    assert "€397/mo" in page and 'value="4970"' in page and "<option selected>60</option>" in page


def test_more_than_a_car_costs_is_the_most_that_leaves_a_credit(client: Client) -> None:
    page = client.get(f"/cars/{make_car(price_cents=10_000_00).slug}/finance?down=999999999").text
    assert 'value="9000"' in page and "€1,000" in page


def test_finance_is_asked_about_beside_the_calculator(client: Client) -> None:
    car = make_car(price_cents=PRICE)
    asks = f"/cars/{car.slug}/inquiry?interest=finance"
    (more,) = re.findall(
        rf'href="{re.escape(asks)}(&amp;down=\d+&amp;months=60)"', client.get(f"/cars/{car.slug}").text
    )
    form = client.get(asks + html.unescape(more)).text
    assert 'name="months" type="text" value="60"' in form
    assert (
        'value="finance"' in form
        and "checked" in form.split('value="finance"')[0][-120:] + form.split('value="finance"')[1][:20]
    )


@pytest.mark.parametrize("values", [{"price_cents": 0}, {"status": "sold"}, {"status": "delivered"}])
def test_no_credit_for_a_car_without_a_price_or_already_sold(client: Client, values: dict[str, object]) -> None:
    car = make_car(sold_at=clock.now(), **values)
    page = client.get(f"/cars/{car.slug}").text.split('id="similar"')[0]
    assert "/mo" not in page and "interest=finance" not in page and 'id="finance"' not in page
    assert client.get(f"/cars/{car.slug}/finance").status_code == 404


def test_a_draft_has_no_calculator(client: Client) -> None:
    assert client.get(f"/cars/{make_car(status='draft').slug}/finance").status_code == 404


def test_cards_say_what_a_month_costs_where_a_car_has_a_price(client: Client) -> None:
    make_car(price_cents=PRICE)
    make_car(price_cents=0)
    make_car(price_cents=PRICE, status="reserved")
    for path in ("/", "/cars/"):
        assert client.get(path).text.count('class="by-month">€397/mo<') == 2


def test_a_figure_without_cents_is_rounded_up(client: Client) -> None:
    price = rules.highest_price(300_00, Terms()) + 1  # 300.01 or a little more
    page = client.get(f"/cars/{make_car(price_cents=price).slug}").text
    assert "€301/mo" in page and "€300/mo" not in page


def test_the_command_changes_the_terms_and_every_figure(app: Flask, client: Client) -> None:
    car = make_car(price_cents=PRICE)
    run = app.test_cli_runner()
    said = "--rate 4.9 --months 72 --down 10 --opening 0 --fee 5.50 --dealership a.test"
    result = run.invoke(args=["finance", "terms", *said.split()])
    assert result.exit_code == 0, result.output
    assert "10 % down, 72 months, 4.9 % nominal, opening fee 0.00, 5.50 with each instalment" in result.output
    new = Terms(Decimal(10), 72, Decimal("4.9"), 0, 5_50)
    assert f"€{-(-rules.monthly_cents(PRICE, new) // 100)}/mo" in client.get(f"/cars/{car.slug}").text
    assert queries.get_terms() == new


@pytest.mark.parametrize("said", [["--rate", "-1"], ["--rate", "x"], ["--rate", "NaN"], ["--months", "0"]])
def test_impossible_terms_change_nothing(app: Flask, said: list[str]) -> None:
    result = app.test_cli_runner().invoke(args=["finance", "terms", "--dealership", "a.test", *said])
    assert result.exit_code in (1, 2)
    assert queries.get_terms() == Terms()


def test_another_dealerships_terms_are_its_own(app: Flask) -> None:
    app.test_cli_runner().invoke(args=["finance", "terms", "--rate", "1", "--dealership", "b.test"])
    assert queries.get_terms() == Terms()
