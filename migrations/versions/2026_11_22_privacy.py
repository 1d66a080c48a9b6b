"""What is kept of people who were erased, and for how long others are kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "privacy"
down_revision = "reports"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("dealerships", sa.Column("retention", JSON, server_default=sa.text("'{}'"), nullable=False))
    op.execute("UPDATE dealerships SET privacy_version = '2026-11-22' WHERE privacy_version = '2026-11'")
    op.create_table(
        "erased_leads",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(32), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=True),
        sa.Column("assignee_id", sa.BigInteger(), nullable=True),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("lost_reason", sa.String(32), nullable=True),
        sa.Column("answered_seconds", sa.Integer(), nullable=True),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("visited", sa.Boolean(), nullable=False),
        sa.Column("won_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hands", JSON, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_erased_leads_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_leads")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_erased_leads_dealership_id_id")),
    )
    for column in ("received_at", "erased_at"):
        op.create_index(op.f(f"ix_erased_leads_dealership_id_{column}"), "erased_leads", ["dealership_id", column])
    op.create_table(
        "erasure_aftermaths",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("people", JSON, nullable=False),
        sa.Column("leads", JSON, nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_erasure_aftermaths_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_aftermaths")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_erasure_aftermaths_dealership_id_id")),
    )
    ddl.secure("erased_leads", "erasure_aftermaths")


def downgrade() -> None:
    op.drop_column("dealerships", "retention")
    op.drop_table("erasure_aftermaths")
    for column in ("erased_at", "received_at"):
        op.drop_index(op.f(f"ix_erased_leads_dealership_id_{column}"), table_name="erased_leads")
    op.drop_table("erased_leads")
