"""The tables of imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "imports"
down_revision = "catalogue"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "import_runs",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_digest", sa.Text(), nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_import_runs_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_import_runs_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_import_runs_dealership_id_started_at"),
        "import_runs",
        ["dealership_id", "started_at"],
        unique=False,
    )
    op.create_table(
        "number_sequences",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_number_sequences_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_number_sequences")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_number_sequences_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "name", name=op.f("uq_number_sequences_dealership_id_name")),
    )
    op.create_table(
        "import_rows",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("car_id", sa.BigInteger(), nullable=True),
        sa.Column("before", JSON, nullable=True),
        sa.Column("after", JSON, nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "run_id"],
            ["import_runs.dealership_id", "import_runs.id"],
            name=op.f("fk_import_rows_dealership_id_run_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_import_rows_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_import_rows_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_import_rows_dealership_id_run_id_row_number"),
        "import_rows",
        ["dealership_id", "run_id", "row_number"],
        unique=False,
    )
    op.create_table(
        "market_listings",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("make_slug", sa.Text(), nullable=False),
        sa.Column("model_slug", sa.Text(), nullable=False),
        sa.Column("model_year", sa.Integer(), nullable=False),
        sa.Column("mileage_km", sa.Integer(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("fuel", sa.String(32), nullable=True),
        sa.Column("body", sa.String(32), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_market_listings_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_market_listings")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_market_listings_dealership_id_id")),
    )
    op.create_index(
        "ix_market_listings_compared",
        "market_listings",
        ["dealership_id", "make_slug", "model_slug", "model_year", "mileage_km", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_market_listings_dealership_id_source"), "market_listings", ["dealership_id", "source"], unique=False
    )
    ddl.secure(
        "number_sequences",
        "import_runs",
        "import_rows",
        "market_listings",
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_market_listings_dealership_id_source"), table_name="market_listings")
    op.drop_index(
        "ix_market_listings_compared",
        table_name="market_listings",
    )
    op.drop_table("market_listings")
    op.drop_index(op.f("ix_import_rows_dealership_id_run_id_row_number"), table_name="import_rows")
    op.drop_table("import_rows")
    op.drop_table("number_sequences")
    op.drop_index(op.f("ix_import_runs_dealership_id_started_at"), table_name="import_runs")
    op.drop_table("import_runs")
