"""Indexes for a year of leads."""

import sqlalchemy as sa
from alembic import op

revision = "indexes"
down_revision = "privacy"
branch_labels = None
depends_on = None

_OPEN, _UNSENT, _SENT = sa.text("urgency < 4000"), sa.text("sent_at IS NULL"), sa.text("sent_at IS NOT NULL")
_OPEN_BY = [
    "dealership_id", "urgency", "id", "assignee_id", "first_answer_at", "answer_due_at", "clock_step", "status",
    "car_id", "score_version",
]  # fmt: skip
_NEW: tuple[tuple[str, str, list[str], sa.TextClause | None], ...] = (
    ("ix_leads_open", "leads", _OPEN_BY, _OPEN),
    ("ix_leads_dealership_id_status_updated_at", "leads", ["dealership_id", "status", "updated_at"], None),
    ("ix_leads_dealership_id_person_id_received_at", "leads", ["dealership_id", "person_id", "received_at"], None),
    (
        "ix_appointments_dealership_id_lead_id_starts_at",
        "appointments",
        ["dealership_id", "lead_id", "starts_at"],
        None,
    ),
    (
        "ix_tasks_dealership_id_lead_id_done_at_due_at",
        "tasks",
        ["dealership_id", "lead_id", "done_at", "due_at"],
        None,
    ),
    ("ix_hand_overs_counted", "hand_overs", ["dealership_id", "at", "how", "before_id", "after_id"], None),
    ("ix_daily_car_views_of_day", "daily_car_views", ["dealership_id", "day", "car_id", "views"], None),
    ("ix_daily_car_views_of_car", "daily_car_views", ["dealership_id", "car_id", "day", "views"], None),
    ("ix_outbox_unsent", "outbox", ["dealership_id", "due_at"], _UNSENT),
    ("ix_outbox_sent", "outbox", ["dealership_id", "kind", "created_at"], _SENT),
)
_OLD = (
    ("leads", ["dealership_id", "person_id"]),
    ("appointments", ["dealership_id", "lead_id"]),
    ("tasks", ["dealership_id", "lead_id"]),
    ("hand_overs", ["dealership_id", "at"]),
)


def upgrade() -> None:
    for name, table, columns, where in _NEW:
        op.create_index(name, table, columns, postgresql_where=where, sqlite_where=where)
    for table, columns in _OLD:
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)


def downgrade() -> None:
    for table, columns in _OLD:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    for name, table, _columns, _where in reversed(_NEW):
        op.drop_index(name, table)
