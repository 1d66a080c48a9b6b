"""The tables of notifications."""

import sqlalchemy as sa
from alembic import op

from migrations import ddl

revision = "notifications"
down_revision = "leads"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dead_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_outbox_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_outbox_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_outbox_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_outbox_dealership_id_id")),
    )
    op.create_index(op.f("ix_outbox_dealership_id_lead_id"), "outbox", ["dealership_id", "lead_id"], unique=False)
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
        sqlite_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
    )
    ddl.secure(
        "outbox",
    )


def downgrade() -> None:
    op.drop_index(
        "ix_outbox_waiting",
        table_name="outbox",
        postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
        sqlite_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_dealership_id_lead_id"), table_name="outbox")
    op.drop_table("outbox")
