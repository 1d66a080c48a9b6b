"""The tables of catalogue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "catalogue"
down_revision = "accounts"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "cars",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("stock_number", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("make", sa.Text(), nullable=False),
        sa.Column("make_slug", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("model_slug", sa.Text(), nullable=False),
        sa.Column("trim", sa.Text(), nullable=False),
        sa.Column("body", sa.String(32), nullable=True),
        sa.Column("model_year", sa.Integer(), nullable=True),
        sa.Column("first_registration", sa.Date(), nullable=True),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("struck_cents", sa.BigInteger(), nullable=True),
        sa.Column("struck_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("vat", sa.String(32), nullable=True),
        sa.Column("mileage_km", sa.Integer(), nullable=True),
        sa.Column("fuel", sa.String(32), nullable=True),
        sa.Column("transmission", sa.String(32), nullable=True),
        sa.Column("drive", sa.String(32), nullable=True),
        sa.Column("power_kw", sa.Integer(), nullable=True),
        sa.Column("displacement_ccm", sa.Integer(), nullable=True),
        sa.Column("colour", sa.String(32), nullable=True),
        sa.Column("doors", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("owners", sa.Integer(), nullable=True),
        sa.Column("vin", sa.Text(), nullable=True),
        sa.Column("plate", sa.Text(), nullable=True),
        sa.Column("co2_g_km", sa.Integer(), nullable=True),
        sa.Column("consumption_dl_100km", sa.Integer(), nullable=True),
        sa.Column("condition", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("arriving", sa.Boolean(), nullable=False),
        sa.Column("arriving_on", sa.Date(), nullable=True),
        sa.Column("reserved_until", sa.Date(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("featured", sa.Boolean(), nullable=False),
        sa.Column("paragraphs", JSON, nullable=False),
        sa.Column("features", JSON, nullable=False),
        sa.Column("specifications", JSON, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("cost_cents", sa.BigInteger(), nullable=True),
        sa.Column("acquired_on", sa.Date(), nullable=True),
        sa.Column("listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("cover", JSON, nullable=True),
        sa.Column("photo_count", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_cars_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cars")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_cars_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "slug", name=op.f("uq_cars_dealership_id_slug")),
        sa.UniqueConstraint("dealership_id", "stock_number", name=op.f("uq_cars_dealership_id_stock_number")),
    )
    op.create_index(
        "ix_cars_counted",
        "cars",
        [
            "dealership_id",
            "status",
            "make_slug",
            "model_slug",
            "make",
            "model",
            "body",
            "fuel",
            "transmission",
            "drive",
            "colour",
            "price_cents",
            "mileage_km",
            "model_year",
            "power_kw",
            "listed_at",
            "id",
        ],
        unique=False,
    )
    op.create_index(
        "ix_cars_featured",
        "cars",
        ["dealership_id", "status", "listed_at", "id"],
        unique=False,
        postgresql_where=sa.text("featured AND photo_count > 0"),
        sqlite_where=sa.text("featured = 1 AND photo_count > 0"),
    )
    op.create_index(op.f("ix_cars_dealership_id_fingerprint"), "cars", ["dealership_id", "fingerprint"], unique=False)
    op.create_index(
        "ix_cars_compared",
        "cars",
        [
            "dealership_id",
            "make_slug",
            "model_slug",
            "model_year",
            "mileage_km",
            "id",
            "status",
            "price_cents",
            "fuel",
            "body",
            "sold_at",
        ],
        unique=False,
    )
    op.create_index(
        op.f("ix_cars_dealership_id_model_slug_id"), "cars", ["dealership_id", "model_slug", "id"], unique=False
    )
    op.create_index(op.f("ix_cars_dealership_id_source_id"), "cars", ["dealership_id", "source_id"], unique=False)
    op.create_index(
        op.f("ix_cars_dealership_id_status_body_price_cents_id"),
        "cars",
        ["dealership_id", "status", "body", "price_cents", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cars_dealership_id_status_listed_at_id"),
        "cars",
        ["dealership_id", "status", "listed_at", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cars_dealership_id_status_mileage_km_id"),
        "cars",
        ["dealership_id", "status", "mileage_km", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cars_dealership_id_status_model_year_id"),
        "cars",
        ["dealership_id", "status", "model_year", "id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_cars_dealership_id_status_price_cents_id"),
        "cars",
        ["dealership_id", "status", "price_cents", "id"],
        unique=False,
    )
    op.create_index(op.f("ix_cars_dealership_id_vin"), "cars", ["dealership_id", "vin"], unique=False)
    op.create_table(
        "car_events",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_car_events_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_car_events_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_car_events")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_car_events_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_car_events_dealership_id_car_id_at"),
        "car_events",
        ["dealership_id", "car_id", "at"],
        unique=False,
    )
    op.create_table(
        "old_slugs",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_old_slugs_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_old_slugs_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_old_slugs")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_old_slugs_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "slug", name=op.f("uq_old_slugs_dealership_id_slug")),
    )
    op.create_table(
        "photos",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_photos_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_photos_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
        sa.UniqueConstraint("dealership_id", "car_id", "digest", name=op.f("uq_photos_dealership_id_car_id_digest")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_photos_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_photos_dealership_id_car_id_position"),
        "photos",
        ["dealership_id", "car_id", "position"],
        unique=False,
    )
    op.create_table(
        "price_changes",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=False),
        sa.Column("price_cents", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_price_changes_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_price_changes_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_changes")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_price_changes_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_price_changes_dealership_id_car_id_at"),
        "price_changes",
        ["dealership_id", "car_id", "at"],
        unique=False,
    )
    ddl.secure(
        "cars",
        "old_slugs",
        "photos",
        "price_changes",
        "car_events",
    )
    ddl.only_add_to("price_changes")


def downgrade() -> None:
    ddl.drop_only_add_to("price_changes")
    op.drop_index(op.f("ix_price_changes_dealership_id_car_id_at"), table_name="price_changes")
    op.drop_table("price_changes")
    op.drop_index(op.f("ix_photos_dealership_id_car_id_position"), table_name="photos")
    op.drop_table("photos")
    op.drop_table("old_slugs")
    op.drop_index(op.f("ix_car_events_dealership_id_car_id_at"), table_name="car_events")
    op.drop_table("car_events")
    # The indexes of a table go with it.
    op.drop_table("cars")
