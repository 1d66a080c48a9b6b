"""The tables of changes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "changes"
down_revision = "analytics"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "catalogue_changes",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("car_ids", JSON, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_catalogue_changes_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_changes")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_catalogue_changes_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "version", name=op.f("uq_catalogue_changes_dealership_id_version")),
    )
    ddl.secure(
        "catalogue_changes",
    )


def downgrade() -> None:
    op.drop_table("catalogue_changes")
