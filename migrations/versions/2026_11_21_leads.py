"""The tables of leads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "leads"
down_revision = "imports"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_key", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_key", sa.Text(), nullable=True),
        sa.Column("seal_key", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_people_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_people_dealership_id_id")),
    )
    op.create_index(op.f("ix_people_dealership_id_email_key"), "people", ["dealership_id", "email_key"], unique=False)
    op.create_index(op.f("ix_people_dealership_id_phone_key"), "people", ["dealership_id", "phone_key"], unique=False)
    op.create_table(
        "rule_sets",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("points", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_rule_sets_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_sets")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_rule_sets_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "version", name=op.f("uq_rule_sets_dealership_id_version")),
    )
    op.create_table(
        "leads",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=True),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("interest", sa.String(32), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("utm_source", sa.Text(), nullable=True),
        sa.Column("utm_medium", sa.Text(), nullable=True),
        sa.Column("utm_campaign", sa.Text(), nullable=True),
        sa.Column("referrer_host", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("privacy_version", sa.Text(), nullable=False),
        sa.Column("marketing", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("lost_reason", sa.String(32), nullable=True),
        sa.Column("spam_reason", sa.Text(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("score_reasons", JSON, nullable=False),
        sa.Column("score_version", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(32), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form_made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submission_key", sa.Text(), nullable=False),
        sa.Column("address_digest", sa.Text(), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "assignee_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_leads_dealership_id_assignee_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_leads_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "person_id"],
            ["people.dealership_id", "people.id"],
            name=op.f("fk_leads_dealership_id_person_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_leads_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leads")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_leads_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "reference", name=op.f("uq_leads_dealership_id_reference")),
        sa.UniqueConstraint("dealership_id", "submission_key", name=op.f("uq_leads_dealership_id_submission_key")),
    )
    op.create_index(
        op.f("ix_leads_dealership_id_address_digest_received_at"),
        "leads",
        ["dealership_id", "address_digest", "received_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_leads_dealership_id_assignee_id_status"),
        "leads",
        ["dealership_id", "assignee_id", "status"],
        unique=False,
    )
    op.create_index(op.f("ix_leads_dealership_id_car_id"), "leads", ["dealership_id", "car_id"], unique=False)
    op.create_index(op.f("ix_leads_dealership_id_person_id"), "leads", ["dealership_id", "person_id"], unique=False)
    op.create_index(op.f("ix_leads_dealership_id_received_at"), "leads", ["dealership_id", "received_at"], unique=False)
    op.create_index(
        op.f("ix_leads_dealership_id_status_score_id"),
        "leads",
        ["dealership_id", "status", "score", "id"],
        unique=False,
    )
    op.create_table(
        "activities",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_activities_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_activities_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_activities_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_activities_dealership_id_lead_id_at"),
        "activities",
        ["dealership_id", "lead_id", "at"],
        unique=False,
    )
    op.create_table(
        "tasks",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_tasks_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_tasks_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_tasks_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_tasks_dealership_id_done_at_due_at"),
        "tasks",
        ["dealership_id", "done_at", "due_at"],
        unique=False,
    )
    op.create_index(op.f("ix_tasks_dealership_id_lead_id"), "tasks", ["dealership_id", "lead_id"], unique=False)
    ddl.secure(
        "people",
        "leads",
        "activities",
        "tasks",
        "rule_sets",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_tasks_dealership_id_lead_id"), table_name="tasks")
    op.drop_index(op.f("ix_tasks_dealership_id_done_at_due_at"), table_name="tasks")
    op.drop_table("tasks")
    op.drop_index(op.f("ix_activities_dealership_id_lead_id_at"), table_name="activities")
    op.drop_table("activities")
    op.drop_index(op.f("ix_leads_dealership_id_status_score_id"), table_name="leads")
    op.drop_index(op.f("ix_leads_dealership_id_received_at"), table_name="leads")
    op.drop_index(op.f("ix_leads_dealership_id_person_id"), table_name="leads")
    op.drop_index(op.f("ix_leads_dealership_id_car_id"), table_name="leads")
    op.drop_index(op.f("ix_leads_dealership_id_assignee_id_status"), table_name="leads")
    op.drop_index(op.f("ix_leads_dealership_id_address_digest_received_at"), table_name="leads")
    op.drop_table("leads")
    op.drop_table("rule_sets")
    op.drop_index(op.f("ix_people_dealership_id_phone_key"), table_name="people")
    op.drop_index(op.f("ix_people_dealership_id_email_key"), table_name="people")
    op.drop_table("people")
