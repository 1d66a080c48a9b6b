"""The tables of merging."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "merging"
down_revision = "assignment"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("people", sa.Column("name_key", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    for column in ("name_key", "merged_into"):
        op.create_index(op.f(f"ix_people_dealership_id_{column}"), "people", ["dealership_id", column], unique=False)
    _pairs()
    _merges()
    ddl.secure("person_pairs", "person_merges")


def _pairs() -> None:
    op.create_table(
        "person_pairs",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("one_id", sa.BigInteger(), nullable=False),
        sa.Column("other_id", sa.BigInteger(), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "one_id"],
            ["people.dealership_id", "people.id"],
            name=op.f("fk_person_pairs_dealership_id_one_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "other_id"],
            ["people.dealership_id", "people.id"],
            name=op.f("fk_person_pairs_dealership_id_other_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_person_pairs_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_pairs")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_person_pairs_dealership_id_id")),
        sa.UniqueConstraint(
            "dealership_id", "one_id", "other_id", name=op.f("uq_person_pairs_dealership_id_one_id_other_id")
        ),
    )
    op.create_index(
        op.f("ix_person_pairs_dealership_id_other_id"), "person_pairs", ["dealership_id", "other_id"], unique=False
    )
    op.create_index(
        op.f("ix_person_pairs_dealership_id_state_id"), "person_pairs", ["dealership_id", "state", "id"], unique=False
    )


def _merges() -> None:
    op.create_table(
        "person_merges",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("survivor_id", sa.BigInteger(), nullable=False),
        sa.Column("loser_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("moved", JSON, nullable=False),
        sa.Column("taken", JSON, nullable=False),
        sa.Column("pairs", JSON, nullable=False),
        sa.Column("search_at", sa.Integer(), nullable=False),
        sa.Column("survivor_updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loser_updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_person_merges_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merges")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_person_merges_dealership_id_id")),
    )
    for column in ("survivor_id", "loser_id"):
        op.create_index(
            op.f(f"ix_person_merges_dealership_id_{column}"), "person_merges", ["dealership_id", column], unique=False
        )


def downgrade() -> None:
    op.drop_table("person_merges")
    op.drop_table("person_pairs")
    for column in ("name_key", "merged_into"):
        op.drop_index(op.f(f"ix_people_dealership_id_{column}"), table_name="people")
    op.drop_column("people", "merged_into")
    op.drop_column("people", "name_key")
