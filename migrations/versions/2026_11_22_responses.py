"""The tables of responses: days that differ, targets, each lead's clock, and which cars stand at which location."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "responses"
down_revision = "doors"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
EMPTY = sa.text("'{}'")
WAITING = sa.text("clock_next_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("dealerships", sa.Column("special_days", JSON, nullable=False, server_default=EMPTY))
    op.add_column("dealerships", sa.Column("response_targets", JSON, nullable=False, server_default=EMPTY))
    op.add_column("dealerships", sa.Column("locations", JSON, nullable=False, server_default=sa.text("'[]'")))
    op.add_column("dealerships", sa.Column("usual_answer_seconds", sa.Integer(), nullable=True))
    op.add_column("leads", sa.Column("location_id", sa.Integer(), nullable=True))
    op.add_column("leads", sa.Column("answer_due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("leads", sa.Column("answered_seconds", sa.Integer(), nullable=True))
    op.add_column("leads", sa.Column("clock_next_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("leads", sa.Column("clock_step", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.create_index(
        op.f("ix_leads_dealership_id_clock_next_at"),
        "leads",
        ["dealership_id", "clock_next_at"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    _make_car_locations()


def _make_car_locations() -> None:
    op.create_table(
        "car_locations",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_car_locations_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_car_locations_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_car_locations")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_car_locations_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "car_id", name=op.f("uq_car_locations_dealership_id_car_id")),
    )
    op.create_index(
        op.f("ix_car_locations_dealership_id_location_id"), "car_locations", ["dealership_id", "location_id"]
    )
    ddl.secure("car_locations")


def downgrade() -> None:
    op.drop_table("car_locations")
    op.drop_index(op.f("ix_leads_dealership_id_clock_next_at"), table_name="leads")
    for column in ("clock_step", "clock_next_at", "answered_seconds", "answer_due_at", "location_id"):
        op.drop_column("leads", column)
    for column in ("usual_answer_seconds", "locations", "response_targets", "special_days"):
        op.drop_column("dealerships", column)
