"""The ways in, in a browser: a passkey of a virtual device, an invitation, a second step."""

import re
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.shop import Shop, sign_in

pytestmark = pytest.mark.server
Visit = Callable[..., Page]


def with_device(page: Page) -> None:
    """Give this window a device that makes passkeys and says that its owner is there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def by_name(shop: Shop, path: str) -> str:
    """A page under a name: browsers make no passkeys for an address of numbers."""
    return shop.url.replace("127.0.0.1", "localhost") + path


def test_a_passkey_is_added_and_opens_the_door(shop: Shop, visit: Visit) -> None:
    page = visit()
    with_device(page)
    page.goto(by_name(shop, "/staff/sign-in"))
    page.get_by_label("E-mail").fill("ana@a.test")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(by_name(shop, "/staff/profile/passkeys"))
    page.get_by_label("Name", exact=True).fill("Work laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("It opens the door now.").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Work laptop")

    page.get_by_role("button", name="Sign out").first.click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile(r"/staff/$"))
    page.goto(by_name(shop, "/staff/profile/passkeys"))
    expect(page.get_by_role("main")).not_to_contain_text("never used")


def test_without_a_passkey_the_password_is_pointed_to(shop: Shop, visit: Visit) -> None:
    page = visit()
    page.goto("/staff/sign-in")
    expect(page.get_by_text("No passkey answered.")).to_be_hidden()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey answered.")).to_be_visible()
    plain = visit(java_script_enabled=False)
    plain.goto("/staff/sign-in")
    expect(plain.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    sign_in(plain, "ana")


def test_somebody_new_is_invited_and_sets_up_a_second_step(shop: Shop, visit: Visit) -> None:
    owner, nora = visit(), visit(java_script_enabled=False)
    sign_in(owner, "olga")
    owner.goto("/staff/users/")
    owner.get_by_label("Name", exact=True).fill("Nora Niemi")
    owner.get_by_label("E-mail", exact=True).fill("nora@a.test")
    owner.get_by_role("button", name="Add").click()
    link = owner.locator("code").inner_text()

    nora.goto(link)
    expect(nora).to_have_url(re.compile(r"/staff/new-password$"))
    nora.get_by_label("New password", exact=True).fill("a brand new phrase")
    nora.get_by_role("button", name="Choose this password").click()
    enter(nora, "a brand new phrase")
    nora.goto("/staff/profile/app")
    nora.get_by_role("button", name="Begin").click()
    nora.get_by_text("No camera?").click()
    app = pyotp.TOTP(nora.locator("code").inner_text().replace(" ", ""))
    nora.get_by_label("Code", exact=True).fill(app.now())
    nora.get_by_role("button", name="Turn on").click()
    [code, *_rest] = nora.locator("code").all_inner_texts()

    nora.get_by_role("button", name="Sign out").first.click()
    enter(nora, "a brand new phrase")
    nora.get_by_label("Code", exact=True).fill(code)
    nora.get_by_role("button", name="Sign in", exact=True).click()
    expect(nora).to_have_url(re.compile(r"/staff/$"))


def enter(page: Page, password: str) -> None:
    page.get_by_label("E-mail").fill("nora@a.test")
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
