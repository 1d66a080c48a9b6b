"""A manager looks at two people with one phone: makes them one, undoes it, keeps them apart."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shop import fill_inquiry, sign_in

pytestmark = pytest.mark.server
Visit = Callable[..., Page]


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_two_with_one_phone_become_one_and_two_again_and_stay_two(visit: Visit, script: bool) -> None:
    family = "Skipper" if script else "Bosun"
    for name in (f"Anna {family}", f"Otto {family}"):
        _ask(visit(), name, "+358 40 765 4321" if script else "+358 40 765 4322")
    page = visit(java_script_enabled=script)
    sign_in(page, "boris")
    page.goto("/staff/people/")
    pair = page.get_by_role("listitem").filter(has_text=f"Anna {family}").filter(has_text=f"Otto {family}")
    expect(pair).to_contain_text("The same number, but another name")

    pair.get_by_role("link", name=re.compile("^Compare")).click()
    expect(page.get_by_role("table")).to_contain_text(f"anna@{family.lower()}.example")
    page.get_by_role("button", name="Make them one").click()
    expect(page.get_by_role("status").first).to_contain_text("They are one person now")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Anna {family}")
    expect(page.get_by_role("region", name="What they asked")).to_contain_text("2 leads")
    expect(page.get_by_role("region", name="Also known as")).to_contain_text(f"Otto {family}")

    page.get_by_role("button", name=f"Undo the merge with Otto {family}").click()
    expect(page.get_by_role("status").first).to_contain_text("They are two people again")
    expect(page.get_by_role("region", name="What they asked")).to_contain_text("1 lead")

    page.goto("/staff/people/")
    pair.get_by_role("button", name=re.compile("^Not the same")).click()
    expect(pair).to_have_count(0)
    page.get_by_role("link", name="Kept apart").click()
    expect(pair.get_by_role("button", name=re.compile("^Ask again"))).to_be_visible()


def _ask(page: Page, name: str, phone: str) -> None:
    given, family = name.lower().split()
    page.goto("/cars/tesla-model-3")
    fill_inquiry(page, name, f"{given}@{family}.example", "Is it still there?")
    page.get_by_label("Phone", exact=False).first.fill(phone)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you, we have your message")).to_be_visible()
