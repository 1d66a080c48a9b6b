"""Every staff route × everybody who might try it, and every POST × where it comes from: expected answers only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from kroi.accounts.access import Permission
from kroi.accounts.models import Role, StaffSession, User
from kroi.accounts.passkeys.models import Passkey
from kroi.accounts.sessions import service as sessions
from kroi.catalogue import service as catalogue
from kroi.catalogue.models import Photo
from kroi.core import clock
from kroi.db.model import Model, db, session
from kroi.db.tenancy import current_dealership_id
from kroi.db.transaction import transaction
from kroi.dealerships.locations import service as locations
from kroi.dealerships.models import Dealership
from kroi.dealerships.rules.places import Place
from kroi.leads import service as leads
from kroi.leads.assignment.models import Absence
from kroi.leads.people import merging
from kroi.leads.people import queries as people
from kroi.leads.scoring.drafts import service as drafting
from kroi.leads.scoring.rules import drafts
from kroi.web import csrf
from tests.journeys.desk import filed_with, kept_by
from tests.journeys.routes import OPEN, PUBLIC_POSTS, STAFF, Route, a_photo
from tests.journeys.visits import visited
from tests.leads.mail.rows import messages
from tests.support.client import Client
from tests.support.makers import PASSWORD, make_car, make_lead, make_user, stored

pytestmark = pytest.mark.slow

SignIn = Callable[[User], Client]
ONLY_WITH_A_LINK = "GET /staff/profile/email/new"  # without one it leads back
FOREIGN: dict[str, dict[str, str]] = {
    "says nothing": {"Sec-Fetch-Site": ""},
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a neighbour": {"Sec-Fetch-Site": "same-site"},
    "typed address": {"Sec-Fetch-Site": "none"},
    "old browser elsewhere": {"Sec-Fetch-Site": "", "Origin": "http://evil.test"},
    "a look-alike": {"Sec-Fetch-Site": "", "Origin": "http://a.test.evil.test"},
    "null": {"Sec-Fetch-Site": "", "Origin": "null"},
    "two stories": {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.test"},
}


@pytest.fixture
def ids(app: Flask) -> dict[str, Any]:
    """One of each thing at dealership A, that an address may name."""
    car = make_car(photo_count=1)
    photo = Photo(car_id=car.id, digest="0" * 32, width=1600, height=1200, position=0, alt="")
    stored(photo)
    lead = make_lead(car=car)
    with transaction():
        task = leads.add_task(lead, "Ring", clock.now() + timedelta(hours=1))
        draft = drafts.digest(drafting.save({"car": 20}))
    user = make_user("Spare Sam", Role.SALES)
    tomorrow = clock.now() + timedelta(days=1)
    absence = stored(Absence(user_id=user.id, starts_at=clock.now(), ends_at=tomorrow))
    return {
        "car_id": car.id, "photo_id": photo.id, "lead_id": lead.id, "task_id": task.id, "user_id": user.id,
        "draft": draft, "slug": car.slug, "seen": catalogue.version_of(car), "location_id": a_location(),
        "absence_id": absence.id,
        **ways_in(user), **look_alikes(), **filed_with(lead), **visited(lead), **messages(lead),
    }  # fmt: skip


def a_location() -> int:
    """A place beside the main one."""
    with transaction():
        return locations.add(session.get_one(Dealership, current_dealership_id()), Place(name="Harbour")).id


def ways_in(user: User) -> dict[str, int]:
    """A passkey and a session of this person, which nobody else may touch."""
    key = Passkey(
        user_id=user.id, name="Key", credential_id=f"{user.id:04d}", public_key="", sign_count=0, created_at=clock.now()
    )
    stored(key)
    with transaction():
        sessions.start(user)
    mine = session.query(StaffSession).filter_by(token_digest=sessions.digest(user.session_token)).one()
    return {"key_id": key.id, "session_id": mine.id, **kept_by(user)}


def look_alikes() -> dict[str, int]:
    """Two who share a number, and somebody who was merged."""
    one, other, gone = (make_lead(name, phone="0401112222").person_id for name in ("Ona Ek", "Per Ek", "Tom Ek"))
    (pair, *_more) = people.list_pairs_of(one)
    rae = make_lead("Rae Oak").person_id
    with transaction():
        done = merging.merge(rae, gone)
    return {"person_id": one, "other_id": other, "pair_id": pair.row.id, "merge_id": done.id}


def everything() -> dict[str, list[str]]:
    """Each row of each table but the sessions, as text."""
    with db.engine.connect() as connection:
        return {
            name: sorted(str(row) for row in connection.exec_driver_sql(f"SELECT * FROM {name}"))
            for name in Model.metadata.tables
            if name != "staff_sessions"
        }


def ask(client: Client, name: str, ids: dict[str, Any], route: Route | None = None, **extra: Any) -> TestResponse:
    method, rule = name.split(" ", 1)
    path = rule
    for key, value in ids.items():
        path = path.replace(f"<int:{key}>", str(value)).replace(f"<{key}>", str(value))
    assert "<" not in path, f"say in `ids` what {rule} needs"
    data = {key: _fill(value, ids) for key, value in (route.form if route else {}).items()}
    how: dict[str, Any] = {"data": data} if method == "POST" else {}
    return client.open(path, method=method, check=False, **how, **extra)


def _fill(value: Any, ids: dict[str, Any]) -> Any:
    if value == "{photo}":
        return a_photo()
    return value.format(password=PASSWORD, **{"me": "", "seen": "", **ids}) if isinstance(value, str) else value


def is_sent_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 303 and response.headers["Location"].startswith("/staff/sign-in")


def is_served(response: TestResponse) -> bool:
    return response.status_code in (200, 303) and not is_sent_to_sign_in(response)


def test_no_route_is_missing_from_the_matrix(app: Flask) -> None:
    there_are = {f"{m} {rule.rule}" for rule in app.url_map.iter_rules() for m in (rule.methods or set())}
    there_are = {name for name in there_are if name.startswith(("GET", "POST", "PUT", "PATCH", "DELETE"))}
    staff = {name for name in there_are if " /staff" in name}
    posts = {name for name in there_are if not name.startswith("GET") and name not in staff}
    assert staff == set(STAFF) | OPEN
    assert posts == PUBLIC_POSTS


def test_every_staff_route_names_its_permission(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/staff")]
    silent = [
        rule.rule
        for rule in rules
        if not isinstance(getattr(app.view_functions[rule.endpoint], "permission", None), Permission)
    ]
    assert set(silent) == {name.split(" ")[1] for name in OPEN}


def test_every_page_says_in_its_code_what_it_is_for(app: Flask) -> None:
    assert [name for name, view in app.view_functions.items() if not view.__doc__] == []


def test_no_endpoint_is_let_off_the_question_where_a_form_comes_from() -> None:
    assert frozenset() == csrf.EXEMPT


def test_a_stranger_is_sent_to_sign_in_and_changes_nothing(client: Client, ids: dict[str, Any]) -> None:
    before = everything()
    answers = {name: ask(client, name, ids, route) for name, route in STAFF.items()}
    assert [name for name, response in answers.items() if not is_sent_to_sign_in(response)] == []
    assert everything() == before


def test_htmx_of_a_stranger_is_told_to_leave_the_page(client: Client, ids: dict[str, Any]) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answers = {name: ask(client, name, ids, route, headers=headers) for name, route in STAFF.items()}
    wrong = {
        name: response.status
        for name, response in answers.items()
        if response.status_code != 401 or response.headers.get("HX-Redirect") != "/staff/sign-in"
    }
    assert wrong == {}


@pytest.mark.parametrize("role", [Role.SALES, Role.MANAGER])
def test_who_may_not_is_refused_and_changes_nothing(signed_in: SignIn, ids: dict[str, Any], role: Role) -> None:
    client = signed_in(make_user("Nobody Special", role))
    closed = {name: route for name, route in STAFF.items() if role.value not in route.roles}
    before = everything()
    answers = {name: ask(client, name, ids, route).status_code for name, route in closed.items()}
    assert answers == dict.fromkeys(closed, 403)
    assert everything() == before


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", STAFF)
def test_who_may_is_served(signed_in: SignIn, ids: dict[str, Any], role: Role, name: str) -> None:
    route = STAFF[name]
    if role.value in route.roles:
        user = make_user("Somebody Trusted", role)
        response = ask(signed_in(user), name, ids | {"me": user.id} | ways_in(user), route)
        assert is_served(response), f"{response.status}: {response.text[response.text.find('<main') :][:500]}"


@pytest.mark.parametrize("name", [name for name in STAFF if name.startswith("POST /staff/leads/<int:lead_id>/")])
def test_sales_do_not_work_somebody_elses_lead(signed_in: SignIn, ids: dict[str, Any], name: str) -> None:
    assignee, other = make_user("First Hand"), make_user("Other Hand")
    theirs = make_lead(assignee_id=assignee.id)
    with transaction():
        task = leads.add_task(theirs, "Ring", clock.now())
    before = everything()
    mine = ids | {"lead_id": theirs.id, "task_id": task.id, "me": other.id}
    assert ask(signed_in(other), name, mine, STAFF[name]).status_code == 403
    assert everything() == before


def test_another_dealerships_owner_finds_nothing_of_ours(signed_in: SignIn, chris: User, ids: dict[str, Any]) -> None:
    theirs, before = signed_in(chris), everything()
    named = {name: route for name, route in STAFF.items() if "<" in name}
    answers = {name: ask(theirs, name, ids, route).status_code for name, route in named.items()}
    assert answers == dict.fromkeys(named, 404)
    assert everything() == before


def test_another_dealerships_session_is_nobodys_here(signed_in: SignIn, chris: User, ids: dict[str, Any]) -> None:
    with signed_in(chris).session_transaction(base_url="http://b.test") as cookie:
        stolen = dict(cookie)
    client = signed_in(chris)
    client.host = "a.test"
    with client.session_transaction(base_url="http://a.test") as cookie:
        cookie.update(stolen)
    before = everything()
    answers = {name: ask(client, name, ids, route) for name, route in STAFF.items()}
    assert [name for name, response in answers.items() if not is_sent_to_sign_in(response)] == []
    assert everything() == before


def test_looking_changes_nothing(signed_in: SignIn, olga: User, ids: dict[str, Any]) -> None:
    client = signed_in(olga)
    before = everything()
    for name in STAFF:
        if name.startswith("GET"):
            assert ask(client, name, ids).status_code == (303 if name == ONLY_WITH_A_LINK else 200), name
    assert everything() == before


@pytest.mark.parametrize("story", FOREIGN)
def test_a_form_from_elsewhere_is_refused_and_changes_nothing(
    signed_in: SignIn, olga: User, ids: dict[str, Any], story: str
) -> None:
    client = signed_in(olga)
    headers = {name: value for name, value in FOREIGN[story].items() if value}
    posts = [name for name in (*STAFF, *OPEN, *PUBLIC_POSTS) if name.startswith("POST")]
    before = everything()
    answers = {name: ask(client, name, ids, STAFF.get(name), headers=headers, own=False) for name in posts}
    assert {name: response.status_code for name, response in answers.items()} == dict.fromkeys(posts, 403)
    assert everything() == before


def test_a_form_of_our_own_page_is_taken_also_from_an_old_browser(
    signed_in: SignIn, olga: User, ids: dict[str, Any]
) -> None:
    name = "POST /staff/leads/<int:lead_id>/note"
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://a.test"}):
        assert is_served(ask(signed_in(olga), name, ids, STAFF[name], headers=headers, own=False))
