"""The tables of assignment."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "assignment"
down_revision = "responses"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "rounds",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("most_hands", sa.Integer(), nullable=False),
        sa.Column("most_turns", sa.Integer(), nullable=False),
        sa.Column("most_unanswered", sa.Integer(), nullable=True),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_rounds_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_rounds_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", name=op.f("uq_rounds_dealership_id")),
    )
    op.create_table(
        "absences",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_absences_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_absences_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_absences_dealership_id_id")),
    )
    op.create_index(op.f("ix_absences_dealership_id_ends_at"), "absences", ["dealership_id", "ends_at"], unique=False)
    op.create_table(
        "round_days",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.Column("off_shift", sa.Integer(), nullable=False),
        sa.Column("away", sa.Integer(), nullable=False),
        sa.Column("full", sa.Integer(), nullable=False),
        sa.Column("language", sa.Integer(), nullable=False),
        sa.Column("had_it", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_round_days_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_round_days_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_days")),
        sa.UniqueConstraint("dealership_id", "day", "user_id", name=op.f("uq_round_days_dealership_id_day_user_id")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_round_days_dealership_id_id")),
    )
    op.create_table(
        "round_members",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("takes_part", sa.Boolean(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("languages", JSON, nullable=False),
        sa.Column("own_hours", sa.Boolean(), nullable=False),
        sa.Column("hours", JSON, nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("last_turn", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_round_members_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_round_members_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_members")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_round_members_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "user_id", name=op.f("uq_round_members_dealership_id_user_id")),
    )
    op.create_table(
        "hand_overs",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("how", sa.String(32), nullable=False),
        sa.Column("code", sa.String(32), nullable=True),
        sa.Column("before_id", sa.BigInteger(), nullable=True),
        sa.Column("after_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "after_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_hand_overs_dealership_id_after_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "before_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_hand_overs_dealership_id_before_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_hand_overs_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_hand_overs_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_hand_overs_dealership_id_id")),
    )
    op.create_index(op.f("ix_hand_overs_dealership_id_at"), "hand_overs", ["dealership_id", "at"], unique=False)
    op.create_index(
        op.f("ix_hand_overs_dealership_id_lead_id"), "hand_overs", ["dealership_id", "lead_id"], unique=False
    )
    op.create_table(
        "round_leads",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("hands", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "holder_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_round_leads_dealership_id_holder_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_round_leads_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_round_leads_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_leads")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_round_leads_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "lead_id", name=op.f("uq_round_leads_dealership_id_lead_id")),
    )
    op.create_index(
        op.f("ix_round_leads_dealership_id_due_at"), "round_leads", ["dealership_id", "due_at"], unique=False
    )
    op.create_index(
        op.f("ix_round_leads_dealership_id_waits_since"),
        "round_leads",
        ["dealership_id", "waits_since"],
        unique=False,
    )
    ddl.secure(
        "rounds",
        "round_members",
        "absences",
        "round_leads",
        "hand_overs",
        "round_days",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_round_leads_dealership_id_waits_since"), table_name="round_leads")
    op.drop_index(op.f("ix_round_leads_dealership_id_due_at"), table_name="round_leads")
    op.drop_table("round_leads")
    op.drop_index(op.f("ix_hand_overs_dealership_id_lead_id"), table_name="hand_overs")
    op.drop_index(op.f("ix_hand_overs_dealership_id_at"), table_name="hand_overs")
    op.drop_table("hand_overs")
    op.drop_table("round_members")
    op.drop_table("round_days")
    op.drop_index(op.f("ix_absences_dealership_id_ends_at"), table_name="absences")
    op.drop_table("absences")
    op.drop_table("rounds")
