"""A salesperson writes to somebody from the lead's page; a real mail server gets it, and the answer is on the page."""

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Page, expect

from tests.journeys import morning
from tests.journeys.shop import sign_in
from tests.notifications.conftest import Inbox, free_port
from tests.support.mailbox import Box, imap_server
from tests.support.server import Server

pytestmark = pytest.mark.server
Visit = Callable[..., Page]
PATIENCE = 90  # seconds; the mailbox is read twice a minute
NAME, ADDRESS = morning.NAMES[0], "aada@berth.example"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """The mailbox of the dealership."""
    with imap_server() as port:
        yield Box(port)


@pytest.fixture(scope="module")
def sent() -> Iterator[tuple[Inbox, int]]:
    """What a mail server got, and its port."""
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    yield inbox, server.port
    server.stop(no_assert=True)


@pytest.fixture(scope="module")
def mailing(box: Box, sent: tuple[Inbox, int]) -> dict[str, str]:
    """The worker speaks with a mail server and a mailbox."""
    return {"SMTP_URL": f"smtp://127.0.0.1:{sent[1]}", "IMAP_URL": box.url}


@pytest.fixture(scope="module")
def overnight() -> Callable[[Server], None]:
    """Ten leads came."""
    return morning.prepare


def test_a_mail_leaves_and_its_answer_stands_on_the_lead(visit: Visit, box: Box, sent: tuple[Inbox, int]) -> None:
    page = visit()
    sign_in(page, "ana")
    page.goto("/staff/leads/?tab=free")
    page.get_by_role("link", name=NAME, exact=True).click()
    page.get_by_role("button", name="Come and drive it").click()
    text = page.get_by_role("textbox", name="E-mail")
    expect(text).to_have_value(f"Hello {NAME}, the Škoda Superb costs €14,900. When suits you? Ana Aalto")
    text.press("End")
    text.type(" <b>Coffee & cake</b> 🚗")
    happened = morning.shown(page)
    page.get_by_role("radio", name="Note").check()
    page.get_by_role("textbox", name="Note").fill("Likes cake.")
    page.get_by_role("button", name="Save the note").click()
    expect(happened).to_contain_text("Likes cake.")
    page.get_by_role("radio", name="E-mail").check()
    expect(text).to_have_value(re.compile("When suits you.*cake"))  # what was begun elsewhere on the page stays
    page.get_by_role("button", name="Send", exact=True).click()
    expect(happened).to_contain_text("<b>Coffee & cake</b> 🚗")
    mail = _mail_to(sent[0], ADDRESS)
    assert "<b>Coffee & cake</b> 🚗" in mail.get_content()
    page.reload()
    expect(happened.get_by_role("listitem").filter(has_text="Coffee & cake")).to_contain_text("sent")

    box.put(_answer(mail))
    waits = page.get_by_text("An answer waits.")
    _until(page, lambda: waits.count() > 0)
    expect(happened.get_by_role("listitem").first).to_contain_text("Saturday at eleven, <i>thank you</i>.")
    page.get_by_role("button", name="It needs no answer").click()
    expect(waits).to_have_count(0)


def _mail_to(inbox: Inbox, address: str) -> EmailMessage:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        for raw in list(inbox.mails):
            mail = message_from_bytes(raw, policy=default)
            if mail["To"] == address:
                assert isinstance(mail, EmailMessage)
                return mail
        time.sleep(0.1)
    raise AssertionError(f"no mail came to {address}")


def _answer(mail: EmailMessage) -> bytes:
    """What they write back, as their mail program sends it."""
    answer = EmailMessage()
    answer["From"], answer["To"] = f"{NAME} <{ADDRESS}>", mail["From"]
    answer["Subject"], answer["In-Reply-To"] = f"Re: {mail['Subject']}", mail["Message-ID"]
    answer["Message-ID"] = "<answer@berth.example>"
    answer.set_content("Saturday at eleven, <i>thank you</i>.\n\nOn Sunday Ana wrote:\n> Hello\n")
    return answer.as_bytes()


def _until(page: Page, came: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not came():
        assert time.monotonic() < until, "it did not come"
        page.wait_for_timeout(1000)
        page.reload()
