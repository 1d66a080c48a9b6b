"""Flask-Admin's lists of the rows that the portal's pages show: the same columns, order and number of rows; no sign-in.

They are Kroi's own tables, so that neither side has other indexes. `?of=` names the one lead or
person whose rows are listed.
"""

from typing import Any

from flask import Flask, request
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from sqlalchemy import ColumnElement, func

from kroi.leads.models import OVER_FROM, SPAM_FROM
from tests.benchmarks.references.portal_tables import (
    activity,
    car,
    database,
    entry,
    lead,
    message,
    notice,
    pair,
    user,
    visit,
)

_LEAD = (
    "score", "person.name", "car.make", "car.model", "car.price_cents", "answer_due_at", "status", "assignee.name",
    "received_at",
)  # fmt: skip
_OPEN = lead.urgency < OVER_FROM


class _View(ModelView):  # type: ignore[misc]
    """A list of some rows of a table."""

    wheres: tuple[ColumnElement[bool], ...] = ()
    of = ""
    can_create = can_edit = can_delete = True

    def get_query(self) -> Any:
        """The rows."""
        return super().get_query().filter(*self._wheres())

    def get_count_query(self) -> Any:
        """How many there are."""
        return self.session.query(func.count("*")).select_from(self.model).filter(*self._wheres())

    def _wheres(self) -> tuple[ColumnElement[bool], ...]:
        if not self.of:
            return self.wheres
        return (*self.wheres, getattr(self.model, self.of) == int(request.args["of"]))


def _view(model: Any, name: str, columns: tuple[str, ...], order: str, *where: ColumnElement[bool], rows: int = 50,
          falls: bool = False, of: str = "", search: tuple[str, ...] = ()) -> _View:  # fmt: skip
    """A view of that name and address."""
    kind = type(
        name.title(), (_View,),
        {
            "column_list": columns, "column_default_sort": (order, falls), "page_size": rows, "wheres": where, "of": of,
            "column_searchable_list": search or None,
            "column_select_related_list": tuple(
                getattr(model, name)
                for name in dict.fromkeys(each.partition(".")[0] for each in columns if "." in each)
            ),
        },
    )  # fmt: skip
    found: _View = kind(model, database, name=name, endpoint=name)
    return found


_CAR = (
    "stock_number", "make", "model", "trim", "model_year", "mileage_km", "price_cents", "status", "listed_at",
    "photo_count",
)  # fmt: skip
_PAIR = (
    "one.name",
    "one.email",
    "one.phone",
    "other.name",
    "other.email",
    "other.phone",
    "reasons",
    "state",
    "made_at",
)
_STANDING = ("make", "model", "stock_number", "listed_at", "price_cents", "cost_cents")
_ENTRY = ("number", "at", "actor.name", "action", "subject_kind", "subject_id", "details")
_MESSAGE = ("kind", "lead_id", "user.name", "created_at", "attempts", "dead_at", "last_error")
_VISIT = ("starts_at", "lead.name", "car.make", "car.model", "status")
_LATE = (lead.first_answer_at.is_(None), lead.answer_due_at < func.current_timestamp())

_VIEWS = (
    _view(lead, "open", _LEAD, "urgency", _OPEN),
    _view(lead, "mine", _LEAD, "urgency", _OPEN, of="assignee_id"),
    _view(lead, "free", _LEAD, "urgency", _OPEN, lead.assignee_id.is_(None)),
    _view(lead, "late", _LEAD, "urgency", _OPEN, *_LATE),
    _view(lead, "all", _LEAD, "urgency", lead.urgency < SPAM_FROM),
    _view(lead, "won", _LEAD, "urgency", lead.status == "won"),
    _view(lead, "found", _LEAD, "urgency", _OPEN, search=("person.search_text", "car.search_text")),
    _view(lead, "board", _LEAD, "urgency", _OPEN, rows=100),
    _view(lead, "person", _LEAD[1:], "received_at", of="person_id", falls=True),
    _view(activity, "history", ("at", "kind", "by.name", "text", "facts"), "at", of="lead_id", falls=True),
    _view(pair, "pairs", _PAIR, "id", pair.state == "open", rows=25, falls=True),
    _view(car, "cars", _CAR, "listed_at", car.status == "available", rows=25, falls=True),
    _view(car, "standing", _STANDING, "listed_at", car.status.in_(("available", "reserved"))),
    _view(entry, "audit", _ENTRY, "number", falls=True),
    _view(message, "outbox", _MESSAGE, "dead_at", message.dead_at.is_not(None), rows=100, falls=True),
    _view(user, "users", ("name", "email", "role", "active", "created_at"), "name", rows=24),
    _view(notice, "notices", ("kind", "lead.name", "at", "read_at"), "at", of="user_id", rows=100, falls=True),
    _view(visit, "visits", _VISIT, "starts_at", visit.starts_at >= func.current_timestamp(), rows=200),
)

app = Flask(__name__)
app.config["SECRET_KEY"] = "measured"
Babel(app)  # where Flask-Babel is installed, Flask-Admin will have it
_admin = Admin(app, name="Lists")
for _one in _VIEWS:
    _admin.add_view(_one)


@app.teardown_request
def _over(error: BaseException | None) -> None:
    database.remove()
