"""The tables of analytics."""

import sqlalchemy as sa
from alembic import op

from migrations import ddl

revision = "analytics"
down_revision = "notifications"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "daily_page_views",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_daily_page_views_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_page_views")),
        sa.UniqueConstraint("dealership_id", "day", "kind", name=op.f("uq_daily_page_views_dealership_id_day_kind")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_daily_page_views_dealership_id_id")),
    )
    op.create_table(
        "daily_visitors",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("visitors", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_daily_visitors_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_visitors")),
        sa.UniqueConstraint("dealership_id", "day", name=op.f("uq_daily_visitors_dealership_id_day")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_daily_visitors_dealership_id_id")),
    )
    op.create_table(
        "visitor_marks",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_visitor_marks_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_marks")),
        sa.UniqueConstraint("dealership_id", "day", "digest", name=op.f("uq_visitor_marks_dealership_id_day_digest")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_visitor_marks_dealership_id_id")),
    )
    op.create_table(
        "visitor_salts",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_visitor_salts_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor_salts")),
        sa.UniqueConstraint("dealership_id", "day", name=op.f("uq_visitor_salts_dealership_id_day")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_visitor_salts_dealership_id_id")),
    )
    op.create_table(
        "daily_car_views",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("car_id", sa.BigInteger(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "car_id"],
            ["cars.dealership_id", "cars.id"],
            name=op.f("fk_daily_car_views_dealership_id_car_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_daily_car_views_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_car_views")),
        sa.UniqueConstraint("dealership_id", "day", "car_id", name=op.f("uq_daily_car_views_dealership_id_day_car_id")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_daily_car_views_dealership_id_id")),
    )
    ddl.secure(
        "daily_page_views",
        "daily_car_views",
        "daily_visitors",
        "visitor_salts",
        "visitor_marks",
    )


def downgrade() -> None:
    op.drop_table("daily_car_views")
    op.drop_table("visitor_salts")
    op.drop_table("visitor_marks")
    op.drop_table("daily_visitors")
    op.drop_table("daily_page_views")
