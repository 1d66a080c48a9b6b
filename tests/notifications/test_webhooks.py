"""Other programs hear of events: signed, once and again under one id, and never inside our own network."""

import hmac
import socket
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from kroi.accounts.models import User
from kroi.core import clock
from kroi.db.model import session
from kroi.db.transaction import transaction
from kroi.leads import queries as leads
from kroi.leads import service as work
from kroi.leads.rules import LeadStatus
from kroi.notifications.delivery import service
from kroi.notifications.delivery.carriers import Files, NotCarried
from kroi.notifications.delivery.service import Post
from kroi.notifications.models import Outbox, OutboxKind, Webhook
from kroi.notifications.webhooks import rules, sending
from kroi.notifications.webhooks import service as webhooks
from tests.notifications.hooked import Listener, listening
from tests.notifications.leads import ask
from tests.support.client import Client
from tests.support.makers import make_lead, stored

SignIn = Callable[[User], Client]
PRIVATE = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1",
    "169.254.169.254", "100.64.0.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "[fd00::1]", "[::127.0.0.1]", "[ff02::1]", "224.0.0.1",
    "localhost", "kroi.localhost", "printer.local", "metadata.google.internal", "255.255.255.255", "192.0.2.1",
)  # fmt: skip


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


@pytest.fixture
def hook_post(post: Post) -> Post:
    """Mails become files, and webhooks may go to this machine."""
    assert isinstance(post.carrier, Files)
    return Post(post.carrier, post.render, post.public_url, private_hooks=True)


def hook(url: str, *events: str, **values: Any) -> Webhook:
    facts = {"events": list(events) or ["lead.received"], "nonce": "0" * 32} | values
    webhook: Webhook = stored(Webhook(url=url, **facts))
    return webhook


def waiting() -> list[Outbox]:
    session.expire_all()
    return session.query(Outbox).filter(Outbox.kind == OutboxKind.WEBHOOK).order_by(Outbox.id).all()


def test_an_event_is_heard_signed_and_without_personal_data(boris: User, hook_post: Post, listener: Listener) -> None:
    webhook = hook(listener.url)
    lead_id = ask(name="Secret Name", message="secret words")
    service.sweep(hook_post)
    ((headers, body),) = listener.heard
    assert b"ecret" not in body and b"@" not in body
    (said,) = listener.said()
    assert said["event"] == headers["Kroi-Event"] == "lead.received" and said["lead"]["id"] == lead_id
    assert said["id"] == headers["Kroi-Delivery"]
    signed = f"{headers['Kroi-Timestamp']}.".encode() + body
    secret = webhooks.secret_of(session.get_one(Webhook, webhook.id))
    expected = hmac.new(secret.encode(), signed, "sha256").hexdigest()
    assert headers["Kroi-Signature"] == f"v1={expected}"
    assert secret not in str([row.__dict__ for row in session.query(Webhook)]), "it stands in no table"


def test_personal_data_goes_only_where_that_was_chosen(boris: User, hook_post: Post, listener: Listener) -> None:
    hook(listener.url, personal=True)
    ask(name="Wilma Virta")
    service.sweep(hook_post)
    assert listener.said()[0]["lead"]["name"] == "Wilma Virta"


def test_who_did_not_ask_for_an_event_or_is_off_hears_nothing(boris: User, listener: Listener) -> None:
    hook(listener.url, "lead.moved")
    hook(listener.url, "lead.received", active=False)
    ask()
    assert waiting() == []
    lead_id = make_lead().id
    with transaction():
        work.change_status(leads.lock(lead_id), LeadStatus.CONTACTED)
    assert [message.facts for message in waiting()] == [{"before": "new", "after": "contacted"}]


def test_a_failure_is_tried_again_under_the_same_id(boris: User, hook_post: Post, listener: Listener) -> None:
    hook(listener.url)
    ask(email=None)
    listener.answers = [500]
    service.sweep(hook_post)
    assert waiting()[0].last_error == "webhook 500" and waiting()[0].sent_at is None
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=True):
        service.sweep(hook_post)
    assert waiting()[0].sent_at is not None
    assert len({said["id"] for said in listener.said()}) == 1 and len(listener.heard) == 2


def test_a_webhook_that_fails_does_not_hold_up_mails_or_its_other_messages(
    boris: User, hook_post: Post, listener: Listener
) -> None:
    hook(listener.url)
    for _ in range(5):
        ask(email=None)
    listener.answers = [503] * 5
    assert service.sweep(hook_post) == 5, "the mails"
    assert len(listener.heard) == 1, "the rest waits"


def test_a_redirect_is_refused(boris: User, hook_post: Post, listener: Listener) -> None:
    hook(listener.url)
    ask(email=None)
    listener.answers = [302]
    service.sweep(hook_post)
    assert waiting()[0].last_error == "webhook redirect" and waiting()[0].dead_at is not None
    assert len(listener.heard) == 1


def test_one_that_was_switched_off_meanwhile_hears_nothing(boris: User, hook_post: Post, listener: Listener) -> None:
    webhook = hook(listener.url)
    ask(email=None)
    with transaction():
        webhooks.switch(session.get_one(Webhook, webhook.id), on=False)
    service.sweep(hook_post)
    assert listener.heard == []


def test_an_answer_that_drips_for_ever_ends(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "DEADLINE", 0.6)
    listener.drips = True
    start = time.monotonic()
    with pytest.raises(NotCarried):
        sending.send(listener.url, b"{}", {}, private=True)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("host", PRIVATE)
def test_no_spelling_of_a_private_address_is_a_webhook(host: str) -> None:
    assert rules.refusal(f"https://{host}/in", private=False) in ("private", "malformed")
    with pytest.raises(NotCarried):
        sending.send(f"https://{host}/in", b"{}", {}, private=False)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://crm.example/in", "scheme"), ("file:///etc/passwd", "malformed"), ("gopher://crm.example/", "scheme"),
        ("https://crm.example:22/", "port"), ("https://user:pass@crm.example/", "malformed"),
        ("https://crm.example\\@127.0.0.1/", "malformed"), ("https://crm.example/ x", "malformed"),
        ("https://crm.example:x/", "malformed"), ("https:///in", "malformed"), ("https://[::1/", "malformed"),
        ("https://ⓛocalhost.example/", "malformed"), ("https://crm.example/#x", "malformed"),
        ("https://crm.example/in\r\nHost: x", "malformed"), ("https://" + "a" * 600, "malformed"),
    ],
)  # fmt: skip
def test_an_odd_address_is_refused_with_a_reason(url: str, code: str) -> None:
    assert rules.refusal(url, private=False) == code


def test_a_name_is_looked_up_once_and_none_of_its_addresses_may_be_private(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    answers = [["93.184.216.34", "127.0.0.1"], ["::ffff:10.0.0.1"], ["93.184.216.34"], ["127.0.0.1"]]

    def lookup(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in answers.pop(0)]

    reached: list[Any] = []

    def connect(address: Any, timeout: float) -> socket.socket:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "create_connection", connect)
    for _ in range(2):
        with pytest.raises(NotCarried, match="private"):
            sending.send("https://rebinds.example/in", b"{}", {}, private=False)
    with pytest.raises(NotCarried, match="ConnectionRefusedError"):
        sending.send("https://rebinds.example/in", b"{}", {}, private=False)
    assert reached == [("93.184.216.34", 443)], "the checked address itself, whatever the name means next"
    assert len(asked) == 3


def test_owners_keep_webhooks_and_see_a_secret_once(signed_in: SignIn, olga: User) -> None:
    client = signed_in(olga)
    fields = {"url": "https://crm.example/in", "events": ["lead.received", "lead.moved"]}
    added = client.post("/staff/settings/webhooks/", data=fields)
    webhook = session.query(Webhook).one()
    secret = webhooks.secret_of(webhook)
    session.rollback()
    assert added.status_code == 200 and secret in added.text and added.headers["Cache-Control"] == "no-store"
    page = client.get("/staff/settings/webhooks/").text
    assert "https://crm.example/in" in page and secret not in page
    renewed = client.post(f"/staff/settings/webhooks/{webhook.id}", data={"do": "renew"})
    assert secret not in renewed.text and renewed.status_code == 200
    for do in ("off", "on", "remove"):
        assert client.post(f"/staff/settings/webhooks/{webhook.id}", data={"do": do}).status_code == 303
    assert session.query(Webhook).count() == 0
    wrong: list[dict[str, Any]] = [{"url": "https://127.0.0.1/"}, {"url": "http://crm.example/"}, {"events": ["x"]}]
    for bad in [*wrong, {"events": []}]:
        assert client.post("/staff/settings/webhooks/", data=fields | bad).status_code == 422
    assert session.query(Webhook).count() == 0
