"""Staff write from the page of a lead: the mail waits in the outbox, stops the clock, and stands in the timeline."""

from collections.abc import Callable

import pytest

from kroi.accounts.models import User
from kroi.catalogue.rules import CarStatus
from kroi.core import clock
from kroi.db.model import session
from kroi.leads.mail.models import Mail, ReplyTemplate
from kroi.leads.models import Activity, ActivityKind, Lead
from kroi.notifications.models import Outbox, OutboxKind
from tests.support.client import Client
from tests.support.makers import make_car, make_lead, stored
from tests.support.queries import counted_queries

SignIn = Callable[[User], Client]
MAIL = {"subject": "The A4", "text": "Come and see it.", "draft": "0123456789ab", "do": "send"}
FRAGMENT = {"HX-Request": "true", "HX-Request-Type": "partial"}


def send(client: Client, lead: Lead, **changes: str) -> tuple[int, str]:
    answer = client.post(f"/staff/leads/{lead.id}/mail", data=MAIL | changes)
    return answer.status_code, answer.text


def outbox() -> list[Outbox]:
    return session.query(Outbox).filter(Outbox.kind == OutboxKind.ANSWER).all()


def test_a_mail_waits_in_the_outbox_stops_the_clock_and_stands_in_the_timeline(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(email="wilma@example.test"), signed_in(ana)
    assert send(client, lead)[0] == 303
    mail = session.query(Mail).one()
    assert (mail.address, mail.text, mail.by_id) == ("wilma@example.test", "Come and see it.", ana.id)
    assert mail.subject == f"The A4 [{lead.reference}]"
    assert [message.mail_id for message in outbox()] == [mail.id]
    assert session.get_one(Lead, lead.id).first_answer_at is not None
    page = client.get(f"/staff/leads/{lead.id}").text
    assert "Come and see it." in page and "waiting to be sent" in page and "wrote an e-mail" in page


def test_the_timeline_holds_no_words_of_the_mail_itself(signed_in: SignIn, ana: User) -> None:
    send(signed_in(ana), make_lead(), text="secret words")
    (line,) = session.query(Activity).filter(Activity.kind == ActivityKind.MAIL)
    assert line.text is None and "secret" not in str(line.facts)


def test_a_form_sent_twice_is_one_mail(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(), signed_in(ana)
    assert [send(client, lead)[0] for _ in range(2)] == [303, 303]
    assert len(outbox()) == session.query(Mail).count() == 1
    assert send(client, lead, draft="ba9876543210")[0] == 303
    assert len(outbox()) == 2


def test_htmx_gets_the_lead_alone(signed_in: SignIn, ana: User) -> None:
    answer = signed_in(ana).post(f"/staff/leads/{make_lead().id}/mail", data=MAIL, headers=FRAGMENT)
    assert answer.status_code == 200 and answer.text.lstrip().startswith('<div id="_lead"')


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": " "}, "Write the mail first."),
        ({"subject": ""}, "Write what it is about."),
        ({"text": "x" * 8001}, "At most 8,000 characters."),
        ({"text": "Hello {nome}"}, "There is no placeholder {nome}."),
        ({"subject": "{price}"}, "For this lead there is nothing to put in for {price}."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    signed_in: SignIn, ana: User, change: dict[str, str], said: str
) -> None:
    status, page = send(signed_in(ana), make_lead(), **change)
    assert status == 422 and said in page
    assert session.query(Mail).count() == 0 and outbox() == []
    assert "0123456789ab" in page, "the same form, once"


def test_a_template_is_filled_in_with_the_cars_facts_above_what_was_typed(signed_in: SignIn, ana: User) -> None:
    car = make_car(make="Škoda", model="Superb", price_cents=14_900_00)
    lead = make_lead("Wilma", car=car)
    template = stored(
        ReplyTemplate(name="Hours", language="en", subject="{car}", body="{name}: {car}, {price}, {link}. {me}")
    )
    answer = signed_in(ana).post(
        f"/staff/leads/{lead.id}/mail", data=MAIL | {"do": f"template:{template.id}", "text": "P.S. Bye"}
    )
    assert answer.status_code == 200
    for words in ("Wilma: Škoda Superb, €14,900,", f"/cars/{car.slug}. Ana Aalto", "P.S. Bye"):
        assert words in answer.text
    assert session.query(Mail).count() == 0


def test_a_name_in_braces_is_a_name_and_no_placeholder(signed_in: SignIn, ana: User) -> None:
    lead = make_lead("{price}", car=make_car())
    send(signed_in(ana), lead, text="Hello {name}")
    assert session.query(Mail).one().text == "Hello {price}"


def test_a_hidden_cars_page_is_not_linked(signed_in: SignIn, ana: User) -> None:
    car = make_car(status=CarStatus.WITHDRAWN)
    send(signed_in(ana), make_lead(car=car), text="{link}")
    assert car.slug not in session.query(Mail).one().text


def test_a_preview_shows_what_would_leave_and_changes_nothing(signed_in: SignIn, ana: User) -> None:
    status, page = send(signed_in(ana), make_lead("Wilma"), text="Hello {name}", do="preview")
    assert status == 200 and "Hello Wilma" in page
    assert session.query(Mail).count() == 0 and outbox() == []


def test_a_template_of_another_dealership_or_none_is_not_there(signed_in: SignIn, ana: User) -> None:
    for do in ("template:999999", "template:x", "template:"):
        assert send(signed_in(ana), make_lead(), do=do)[0] == 404


def test_without_an_address_there_is_nothing_to_write_to(signed_in: SignIn, ana: User) -> None:
    lead, client = make_lead(email=None, phone="+358401234567"), signed_in(ana)
    assert "They gave no e-mail address." in client.get(f"/staff/leads/{lead.id}").text
    assert send(client, lead)[0] == 409


def test_sales_do_not_write_about_a_colleagues_lead(signed_in: SignIn, ana: User, boris: User) -> None:
    assert send(signed_in(ana), make_lead(assignee_id=boris.id))[0] == 403
    assert session.query(Mail).count() == 0


def test_writing_answers_what_waited_and_so_does_saying_that_it_needs_nothing(signed_in: SignIn, ana: User) -> None:
    client = signed_in(ana)
    lead, other = make_lead(answer_waiting_at=clock.now()), make_lead(answer_waiting_at=clock.now())
    assert "An answer waits." in client.get(f"/staff/leads/{lead.id}").text
    send(client, lead)
    assert client.post(f"/staff/leads/{other.id}/mail/answered").status_code == 303
    session.expire_all()
    assert session.get_one(Lead, lead.id).answer_waiting_at is None
    assert session.get_one(Lead, other.id).answer_waiting_at is None
    assert session.get_one(Lead, other.id).first_answer_at is None, "that was no answer"


def test_templates_are_kept_by_owners(signed_in: SignIn, olga: User) -> None:
    client = signed_in(olga)
    fields = {"name": "Hours", "language": "en", "subject": "{car}", "body": "Hello {name}, {link}", "do": "save"}
    assert client.post("/staff/settings/replies/", data=fields).status_code == 303
    again = client.post("/staff/settings/replies/", data=fields)
    assert again.status_code == 422 and "There is a template of this name" in again.text
    unknown = client.post("/staff/settings/replies/", data=fields | {"name": "B", "body": "{colour}"})
    assert unknown.status_code == 422 and "There is no placeholder {colour}." in unknown.text
    shown = client.post("/staff/settings/replies/", data=fields | {"name": "C", "do": "preview"})
    assert shown.status_code == 200 and "Hello Anna Aho" in shown.text
    template = session.query(ReplyTemplate).one()
    changed = client.post(f"/staff/settings/replies/{template.id}", data=fields | {"name": "Open"})
    assert changed.status_code == 303
    assert "Open" in client.get("/staff/settings/replies/").text
    assert client.post(f"/staff/settings/replies/{template.id}", data={"do": "remove"}).status_code == 303
    assert session.query(ReplyTemplate).count() == 0


def test_the_pages_take_ten_queries_or_fewer(signed_in: SignIn, olga: User) -> None:
    lead, client = make_lead(car=make_car()), signed_in(olga)
    for number in range(5):
        send(client, lead, draft=f"{number:012x}")
        stored(ReplyTemplate(name=f"T{number}", language="en", subject="S", body="B"))
    for path in (f"/staff/leads/{lead.id}", "/staff/settings/replies/"):
        with counted_queries() as sent:
            client.get(path)
        assert len(sent) <= 10, (path, sent)
