"""The tables of reports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "reports"
down_revision = "visits"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "daily_leads",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("dimension", sa.String(32), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("clocked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("visited", sa.Integer(), nullable=False),
        sa.Column("won", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("answer_minutes", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_daily_leads_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_leads")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_daily_leads_dealership_id_id")),
        sa.UniqueConstraint(
            "dealership_id", "day", "dimension", "key", name=op.f("uq_daily_leads_dealership_id_day_dimension_key")
        ),
    )
    op.create_index(
        op.f("ix_daily_leads_dealership_id_dimension_key_day"),
        "daily_leads",
        ["dealership_id", "dimension", "key", "day"],
    )
    op.create_table(
        "report_marks",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_report_marks_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_marks")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_report_marks_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", name=op.f("uq_report_marks_dealership_id")),
    )
    op.create_table(
        "daily_vitals",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("metric", sa.String(32), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_daily_vitals_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_vitals")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_daily_vitals_dealership_id_id")),
        sa.UniqueConstraint(
            *("dealership_id", "day", "kind", "metric", "bucket"),
            name=op.f("uq_daily_vitals_dealership_id_day_kind_metric_bucket"),
        ),
    )
    op.create_index(op.f("ix_leads_dealership_id_updated_at"), "leads", ["dealership_id", "updated_at"])
    ddl.secure("daily_leads", "report_marks", "daily_vitals")


def downgrade() -> None:
    op.drop_index(op.f("ix_leads_dealership_id_updated_at"), table_name="leads")
    op.drop_table("daily_vitals")
    op.drop_table("report_marks")
    op.drop_table("daily_leads")
