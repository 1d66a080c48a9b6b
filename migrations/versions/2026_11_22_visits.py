"""The tables of visits."""

import sqlalchemy as sa
from alembic import op

from migrations import ddl

revision = "visits"
down_revision = "messages"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "appointments",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("series", sa.BigInteger(), nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_appointments_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_appointments_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_appointments_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_appointments_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_appointments_dealership_id_lead_id"),
        "appointments",
        ["dealership_id", "lead_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_appointments_dealership_id_starts_at"),
        "appointments",
        ["dealership_id", "starts_at"],
        unique=False,
    )
    op.create_index(
        "uq_appointments_held",
        "appointments",
        ["dealership_id", "car_id", "starts_at"],
        unique=True,
        postgresql_where=sa.text("status = 'booked' AND car_id IS NOT NULL"),
        sqlite_where=sa.text("status = 'booked' AND car_id IS NOT NULL"),
    )
    op.create_table(
        "erasure_requests",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_erasure_requests_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_erasure_requests_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_requests")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_erasure_requests_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "lead_id", name=op.f("uq_erasure_requests_dealership_id_lead_id")),
    )
    op.create_index(
        op.f("ix_erasure_requests_dealership_id_done_at"),
        "erasure_requests",
        ["dealership_id", "done_at"],
        unique=False,
    )
    op.create_table(
        "own_pages",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_own_pages_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_own_pages_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_pages")),
        sa.UniqueConstraint("dealership_id", "digest", name=op.f("uq_own_pages_dealership_id_digest")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_own_pages_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "lead_id", name=op.f("uq_own_pages_dealership_id_lead_id")),
    )
    op.create_table(
        "wish_photos",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_wish_photos_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_wish_photos_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish_photos")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_wish_photos_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_wish_photos_dealership_id_lead_id"),
        "wish_photos",
        ["dealership_id", "lead_id"],
        unique=False,
    )
    op.create_table(
        "wishes",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("slot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("make", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("mileage_km", sa.Integer(), nullable=True),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("condition", sa.String(32), nullable=True),
        sa.Column("down_cents", sa.BigInteger(), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("call_time", sa.String(32), nullable=True),
        sa.Column("looking_for", sa.Text(), nullable=False),
        sa.Column("most_cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "lead_id"],
            ["leads.dealership_id", "leads.id"],
            name=op.f("fk_wishes_dealership_id_lead_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_wishes_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_wishes_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "lead_id", name=op.f("uq_wishes_dealership_id_lead_id")),
    )
    ddl.secure(
        "appointments",
        "wishes",
        "wish_photos",
        "own_pages",
        "erasure_requests",
    )


def downgrade() -> None:
    op.drop_table("wishes")
    op.drop_index(op.f("ix_wish_photos_dealership_id_lead_id"), table_name="wish_photos")
    op.drop_table("wish_photos")
    op.drop_table("own_pages")
    op.drop_index(op.f("ix_erasure_requests_dealership_id_done_at"), table_name="erasure_requests")
    op.drop_table("erasure_requests")
    op.drop_index(
        "uq_appointments_held",
        table_name="appointments",
        postgresql_where=sa.text("status = 'booked' AND car_id IS NOT NULL"),
        sqlite_where=sa.text("status = 'booked' AND car_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_appointments_dealership_id_starts_at"), table_name="appointments")
    op.drop_index(op.f("ix_appointments_dealership_id_lead_id"), table_name="appointments")
    op.drop_table("appointments")
