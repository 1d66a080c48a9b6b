"""What the keys do is a page of its own; "?" gets the list alone."""

from collections.abc import Callable

from kroi.accounts.models import User
from tests.support.client import Client

SignIn = Callable[[User], Client]


def test_the_list_comes_as_a_page_or_as_a_dialog(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    page = client.get("/staff/keyboard").text
    dialog = client.get("/staff/keyboard", headers={"HX-Request-Type": "partial"}).text
    assert "<main" in page and "<dialog" not in page
    assert dialog.count("<dialog") == 1 and "<main" not in dialog
    assert page.count("<kbd") > 20 and dialog.count("<kbd") > 20


def test_other_pages_do_not_carry_it(signed_in: SignIn, ana: User) -> None:
    page = signed_in(ana).get("/staff/leads/").text
    assert "/staff/keyboard" in page and "<dt>" not in page
