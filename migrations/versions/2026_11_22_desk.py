"""The tables of desk: saved views, changes of many leads, files; and the stored order of the inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "desk"
down_revision = "scoring_models"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
URGENCY = (
    "CASE WHEN status = 'spam' THEN 8100 - score"
    " WHEN status = 'won' OR status = 'lost' THEN 4100 - score"
    " ELSE CASE priority WHEN 'urgent' THEN 0 WHEN 'high' THEN 1000 WHEN 'normal' THEN 2000 ELSE 3000 END"
    " + CASE WHEN first_answer_at IS NULL THEN 0 ELSE 500 END + 100 - score END"
)


def upgrade() -> None:
    _order_leads()
    op.create_table(
        "saved_views",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("filter", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        *_owned("saved_views", "user_id", "users"),
        sa.UniqueConstraint("dealership_id", "user_id", "name", name=op.f("uq_saved_views_dealership_id_user_id_name")),
    )
    op.create_table(
        "bulk_changes",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("refused", JSON, nullable=False),
        *_owned("bulk_changes", "user_id", "users"),
    )
    op.create_index(op.f("ix_bulk_changes_dealership_id_user_id"), "bulk_changes", ["dealership_id", "user_id"])
    op.create_table(
        "lead_files",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        *_owned("lead_files", "lead_id", "leads"),
    )
    op.create_index(op.f("ix_lead_files_dealership_id_lead_id"), "lead_files", ["dealership_id", "lead_id"])
    ddl.secure("saved_views", "bulk_changes", "lead_files")


def _owned(table: str, column: str, to: str) -> tuple[sa.Constraint, ...]:
    """The keys of an owned table with one parent."""
    return (
        sa.ForeignKeyConstraint(
            ["dealership_id", column],
            [f"{to}.dealership_id", f"{to}.id"],
            name=op.f(f"fk_{table}_dealership_id_{column}"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f(f"fk_{table}_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f(f"uq_{table}_dealership_id_id")),
    )


def _order_leads() -> None:
    """SQLite adds only columns that it works out when they are read; the indexes store them all the same."""
    stored = op.get_bind().dialect.name == "postgresql"
    op.add_column("leads", sa.Column("urgency", sa.Integer(), sa.Computed(URGENCY, persisted=stored), nullable=True))
    op.create_index(op.f("ix_leads_dealership_id_urgency_id"), "leads", ["dealership_id", "urgency", "id"])
    op.create_index(
        op.f("ix_leads_dealership_id_status_urgency_id"), "leads", ["dealership_id", "status", "urgency", "id"]
    )
    op.create_index(
        op.f("ix_leads_dealership_id_assignee_id_urgency_id"),
        "leads",
        ["dealership_id", "assignee_id", "urgency", "id"],
    )


def downgrade() -> None:
    for table in ("lead_files", "bulk_changes", "saved_views"):
        op.drop_table(table)
    for columns in ("assignee_id_urgency_id", "status_urgency_id", "urgency_id"):
        op.drop_index(op.f(f"ix_leads_dealership_id_{columns}"), table_name="leads")
    op.drop_column("leads", "urgency")
