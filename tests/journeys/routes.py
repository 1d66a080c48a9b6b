"""Every staff route, written down by hand: who may use it, and what a good form holds. The code has no say here."""

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from PIL import Image

SALES, MANAGER, OWNER = "sales", "manager", "owner"
ALL, BOSSES, OWNERS = {SALES, MANAGER, OWNER}, {MANAGER, OWNER}, {OWNER}


@dataclass(frozen=True)
class Route:
    """Roles that may use it, and for a POST the fields of a form that succeeds."""

    roles: set[str]
    form: dict[str, Any] = field(default_factory=dict)


CAR = {
    "make": "Volvo", "model": "V60", "price": "21900", "model_year": "2020", "mileage_km": "88000",
    "body": "estate", "fuel": "diesel", "transmission": "automatic", "condition": "used", "seen": "{seen}",
}  # fmt: skip

TEMPLATE = {"name": "Time to come", "language": "en", "subject": "The car", "body": "Hello, when?"}
WISHES = dict.fromkeys(("new_lead", "assigned", "answer", "late", "returned", "mail_failed"), "both")

POINTS = dict.fromkeys(
    ("start", "car", "test_drive", "call_back", "trade_in", "finance", "phone", "long_message", "asked_before",
     "new_on_sale", "throwaway", "link", "fast"), "5",
)  # fmt: skip

STAFF: dict[str, Route] = {
    "GET /staff/": Route(ALL),
    "GET /staff/keyboard": Route(ALL),
    "GET /staff/leads/": Route(ALL),
    "GET /staff/leads/<int:lead_id>": Route(ALL),
    "POST /staff/leads/<int:lead_id>/status": Route(ALL, {"status": "contacted"}),
    "POST /staff/leads/<int:lead_id>/note": Route(ALL, {"text": "Wants to see it on Saturday."}),
    "POST /staff/leads/<int:lead_id>/call": Route(ALL, {"outcome": "no_answer"}),
    "POST /staff/leads/<int:lead_id>/tasks": Route(ALL, {"text": "Ring back", "due": "2030-01-02T10:00"}),
    "POST /staff/leads/<int:lead_id>/tasks/<int:task_id>": Route(ALL),
    "POST /staff/leads/<int:lead_id>/assignment": Route(ALL, {"user": "{me}"}),
    "POST /staff/leads/<int:lead_id>/tasks/<int:task_id>/change": Route(
        ALL, {"text": "Ring", "due": "2030-01-02T10:00"}
    ),
    "POST /staff/leads/<int:lead_id>/files": Route(ALL, {"file": "{photo}"}),
    "POST /staff/leads/<int:lead_id>/files/<int:file_id>": Route(ALL),
    "GET /staff/files/<int:file_id>": Route(ALL),
    "GET /staff/leads/new": Route(ALL),
    "POST /staff/leads/": Route(
        ALL, {"name": "Walk In", "phone": "0407654321", "interest": "question", "source": "walk_in"}
    ),
    "POST /staff/leads/bulk": Route(ALL, {"deed": "take", "lead": "{lead_id}"}),
    "POST /staff/leads/bulk/<int:change_id>/undo": Route(ALL),
    "POST /staff/leads/views": Route(ALL, {"name": "Hot ones"}),
    "POST /staff/leads/views/<int:view_id>": Route(ALL, {"name": "Hotter ones"}),
    "POST /staff/leads/export": Route(BOSSES),
    "GET /staff/board": Route(ALL),
    "POST /staff/board/<int:lead_id>": Route(ALL, {"status": "contacted"}),
    "GET /staff/pulse": Route(ALL),
    "GET /staff/assignment/": Route(ALL),
    "POST /staff/assignment/": Route(BOSSES, {"is_on": "y", "minutes": "30", "most_hands": "3", "most_turns": "3"}),
    "POST /staff/assignment/away": Route(ALL, {"do": "leave"}),
    "GET /staff/assignment/people/<int:user_id>": Route(BOSSES),
    "POST /staff/assignment/people/<int:user_id>": Route(BOSSES, {"takes_part": "y", "cap": "20", "whose": "house"}),
    "POST /staff/assignment/people/<int:user_id>/absences": Route(
        BOSSES, {"start": "2030-01-02T10:00", "end": "2030-01-03T10:00"}
    ),
    "POST /staff/assignment/people/<int:user_id>/absences/<int:absence_id>": Route(BOSSES),
    "GET /staff/assignment/fairness": Route(ALL),
    "GET /staff/assignment/fairness.csv": Route(ALL),
    "GET /staff/people/": Route(BOSSES),
    "GET /staff/people/<int:person_id>": Route(ALL),
    "GET /staff/privacy/": Route(OWNERS),
    "POST /staff/people/<int:person_id>/export": Route(BOSSES),
    "POST /staff/people/<int:person_id>/offers": Route(ALL, {"told": "y"}),
    "GET /staff/people/<int:person_id>/erasure": Route(OWNERS),
    "POST /staff/people/<int:person_id>/erasure": Route(OWNERS, {"understood": "y"}),
    "GET /staff/people/<int:person_id>/merge/<int:other_id>": Route(BOSSES),
    "POST /staff/people/<int:person_id>/merge/<int:other_id>": Route(BOSSES),
    "POST /staff/people/merges/<int:merge_id>/undo": Route(BOSSES),
    "POST /staff/people/pairs/<int:pair_id>/apart": Route(BOSSES),
    "POST /staff/people/pairs/<int:pair_id>/again": Route(BOSSES),
    "GET /staff/visits/": Route(ALL),
    "GET /staff/leads/<int:lead_id>/visits/": Route(ALL),
    "POST /staff/leads/<int:lead_id>/visits/": Route(ALL, {"at": "2031-01-02T10:00"}),
    "POST /staff/leads/<int:lead_id>/visits/<int:visit_id>": Route(ALL, {"do": "confirm"}),
    "GET /staff/leads/<int:lead_id>/visits/<int:visit_id>.ics": Route(ALL),
    "POST /staff/leads/<int:lead_id>/own-page": Route(ALL),
    "GET /staff/leads/<int:lead_id>/own-car/<int:picture_id>/<int:size>": Route(ALL),
    "GET /staff/cars/": Route(ALL),
    "GET /staff/cars/new": Route(BOSSES),
    "POST /staff/cars/": Route(BOSSES, CAR),
    "GET /staff/cars/<int:car_id>": Route(ALL),
    "POST /staff/cars/<int:car_id>": Route(BOSSES, CAR),
    "POST /staff/cars/<int:car_id>/status": Route(ALL, {"status": "reserved"}),
    "GET /staff/cars/<int:car_id>/price": Route(BOSSES),
    "POST /staff/cars/<int:car_id>/price": Route(BOSSES, {"price": "12345"}),
    "POST /staff/cars/<int:car_id>/photos": Route(BOSSES, {"photo": "{photo}"}),
    "POST /staff/cars/<int:car_id>/photos/order": Route(BOSSES, {"order": "{photo_id}"}),
    "POST /staff/cars/<int:car_id>/photos/<int:photo_id>": Route(BOSSES, {"do": "describe", "alt": "From the left"}),
    "GET /staff/settings/": Route(OWNERS),
    "POST /staff/settings/": Route(
        OWNERS,
        {"name": "A Motors", "country": "FI", "time_zone": "Europe/Helsinki", "currency": "EUR", "language": "en"},
    ),
    "GET /staff/settings/hours": Route(OWNERS),
    "POST /staff/settings/hours": Route(OWNERS, {"day0": "9–17", "d0-date": "2030-12-24", "d0-hours": "10–13"}),
    "GET /staff/settings/locations": Route(OWNERS),
    "GET /staff/settings/locations/<int:location_id>": Route(OWNERS),
    "POST /staff/settings/locations/<int:location_id>": Route(OWNERS, {"name": "Harbour", "day0": "9–17"}),
    "POST /staff/settings/locations/<int:location_id>/removal": Route(OWNERS),
    "GET /staff/settings/answers": Route(OWNERS),
    "POST /staff/settings/answers": Route(OWNERS, {"answer": "20", "give_back": "30", "tell": "40"}),
    "GET /staff/settings/privacy": Route(OWNERS),
    "POST /staff/settings/privacy": Route(
        OWNERS, {"unsold": "6", "won": "24", "marketing": "24", "spam_days": "30", "files": "6", "quotations": "6"}
    ),
    "GET /staff/leads/<int:lead_id>/score": Route(ALL),
    "POST /staff/leads/<int:lead_id>/score": Route(ALL, {"score": "80", "reason": "Was here on Saturday"}),
    "GET /staff/scoring/": Route(BOSSES),
    "GET /staff/scoring/draft": Route(BOSSES),
    "POST /staff/scoring/draft": Route(BOSSES, POINTS),
    "POST /staff/scoring/draft/discard": Route(BOSSES),
    "POST /staff/scoring/publish": Route(OWNERS, {"seen": "{draft}"}),
    "POST /staff/scoring/model": Route(OWNERS, {"do": "off"}),
    "GET /staff/users/": Route(OWNERS),
    "POST /staff/users/": Route(OWNERS, {"name": "Nora New", "email": "nora@a.test", "role": "sales"}),
    "GET /staff/users/<int:user_id>": Route(OWNERS),
    "POST /staff/users/<int:user_id>/role": Route(OWNERS, {"role": "manager"}),
    "POST /staff/users/<int:user_id>/off": Route(OWNERS),
    "POST /staff/users/<int:user_id>/on": Route(OWNERS),
    "POST /staff/users/<int:user_id>/password": Route(OWNERS),
    "GET /staff/reports/": Route(ALL),
    "GET /staff/reports/answers.csv": Route(ALL),
    "GET /staff/reports/sales": Route(ALL),
    "GET /staff/reports/sales.csv": Route(BOSSES),
    "GET /staff/reports/speed": Route(BOSSES),
    "GET /staff/reports/stock": Route(BOSSES),
    "GET /staff/reports/stock.csv": Route(BOSSES),
    "POST /staff/leads/<int:lead_id>/mail": Route(ALL, {"subject": "The A4", "text": "It is here.", "do": "send"}),
    "POST /staff/leads/<int:lead_id>/mail/answered": Route(ALL),
    "POST /staff/leads/<int:lead_id>/mail/<int:mail_id>": Route(ALL, {"do": "cancel"}),
    "GET /staff/settings/replies/": Route(OWNERS),
    "POST /staff/settings/replies/": Route(OWNERS, TEMPLATE),
    "GET /staff/settings/replies/<int:template_id>": Route(OWNERS),
    "POST /staff/settings/replies/<int:template_id>": Route(OWNERS, TEMPLATE),
    "GET /staff/settings/webhooks/": Route(OWNERS),
    "POST /staff/settings/webhooks/": Route(OWNERS, {"url": "https://crm.example/in", "events": "lead.received"}),
    "POST /staff/settings/webhooks/<int:webhook_id>": Route(OWNERS, {"do": "off"}),
    "GET /staff/notices/": Route(ALL),
    "POST /staff/notices/": Route(ALL),
    "GET /staff/profile/notices": Route(ALL),
    "POST /staff/profile/notices": Route(ALL, WISHES),
    "GET /staff/operations/messages/": Route(OWNERS),
    "POST /staff/operations/messages/": Route(OWNERS),
    "POST /staff/operations/messages/<int:message_id>": Route(OWNERS, {"do": "cancel"}),
    "GET /staff/operations/": Route(OWNERS),
    "GET /staff/operations/memory.json": Route(OWNERS),
    "GET /staff/operations/database": Route(OWNERS),
    "POST /staff/users/<int:user_id>/link": Route(OWNERS),
    "POST /staff/users/<int:user_id>/second-step": Route(OWNERS),
    "GET /staff/users/roles": Route(OWNERS),
    "POST /staff/users/roles": Route(OWNERS, {"role": "owner"}),
    "GET /staff/audit/": Route(OWNERS),
    "GET /staff/audit/export": Route(OWNERS),
    "GET /staff/profile/confirm": Route(ALL),
    "POST /staff/profile/confirm": Route(ALL, {"password": "{password}"}),
    "GET /staff/profile/app": Route(ALL),
    "POST /staff/profile/app/start": Route(ALL),
    "POST /staff/profile/app": Route(ALL, {"code": "123456"}),
    "POST /staff/profile/app/codes": Route(ALL),
    "POST /staff/profile/app/remove": Route(ALL),
    "GET /staff/profile/email": Route(ALL),
    "POST /staff/profile/email": Route(ALL, {"email": "other@a.test"}),
    "GET /staff/profile/email/new": Route(ALL),
    "POST /staff/profile/email/new": Route(ALL),
    "GET /staff/users/<int:user_id>/email": Route(OWNERS),
    "POST /staff/users/<int:user_id>/email": Route(OWNERS, {"email": "other@a.test"}),
    "GET /staff/profile/passkeys": Route(ALL),
    "POST /staff/profile/passkeys": Route(ALL, {"name": "Work laptop"}),
    "POST /staff/profile/passkeys/options": Route(ALL),
    "POST /staff/profile/passkeys/<int:key_id>/name": Route(ALL, {"name": "Phone"}),
    "POST /staff/profile/passkeys/<int:key_id>/remove": Route(ALL),
    "POST /staff/profile/sessions/<int:session_id>/end": Route(ALL),
    "GET /staff/profile": Route(ALL),
    "POST /staff/profile": Route(ALL, {"name": "Renamed", "language": "en"}),
    "POST /staff/profile/password": Route(ALL, {"current": "{password}", "password": "another fine phrase"}),
    "POST /staff/profile/sessions": Route(ALL),
}

# The way in and the way out, which nobody needs a permission for.
OPEN = {
    "GET /staff/sign-in", "POST /staff/sign-in", "POST /staff/sign-out",
    "GET /staff/sign-in/code", "POST /staff/sign-in/code",
    "POST /staff/sign-in/passkey", "POST /staff/sign-in/passkey/options",
    "GET /staff/forgotten", "POST /staff/forgotten", "GET /staff/link/<secret>",
    "GET /staff/email/<secret>",
    "GET /staff/new-password", "POST /staff/new-password",
}  # fmt: skip

# Everything else that takes a POST: shoppers' forms.
PUBLIC_POSTS = {
    "POST /cars/<slug>/inquiry", "POST /contact", "POST /my/<key>/messages", "POST /my/<key>/visits/<int:visit_id>",
    "POST /my/<key>/erasure", "POST /my/<key>/offers", "POST /vitals",
}  # fmt: skip


def a_photo() -> tuple[BytesIO, str]:
    """A small picture as an upload."""
    file = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(file, "JPEG")
    file.seek(0)
    return file, "car.jpg"
