"""The tables of scoring_models: facts kept with leads, drafts of rules, learnt models."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "scoring_models"
down_revision = "merging"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _make(
        "lead_facts",
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("later", JSON, nullable=False),
        sa.Column("pinned", sa.Integer(), nullable=True),
        sa.Column("pin_reason", sa.Text(), nullable=True),
        sa.Column("pinned_by_id", sa.BigInteger(), nullable=True),
        sa.Column("pinned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_lead_facts_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.UniqueConstraint("dealership_id", "lead_id", name=op.f("uq_lead_facts_dealership_id_lead_id")),
    )
    _make(
        "rule_drafts",
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("points", JSON, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        sa.UniqueConstraint("dealership_id", name=op.f("uq_rule_drafts_dealership_id")),
    )
    _make(
        "learnt_models",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("card", JSON, nullable=False),
        sa.Column("figures", JSON, nullable=False),
        sa.Column("rules_version", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_since", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("dealership_id", "version", name=op.f("uq_learnt_models_dealership_id_version")),
    )
    ddl.secure("lead_facts", "rule_drafts", "learnt_models")


def downgrade() -> None:
    for table in ("learnt_models", "rule_drafts", "lead_facts"):
        op.drop_table(table)


def _make(table: str, *more: sa.Column | sa.Constraint) -> None:  # type: ignore[type-arg]
    op.create_table(
        table,
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        *more,
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f(f"fk_{table}_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f(f"uq_{table}_dealership_id_id")),
    )
