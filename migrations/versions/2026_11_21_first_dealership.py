"""A fresh installation has exactly one dealership, which answers under any host name."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "first_dealership"
down_revision = "dealerships"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dealerships = sa.table(
        "dealerships",
        *(sa.column(name) for name in ("name", "host", "language", "currency", "time_zone")),
        *(sa.column(name) for name in ("phone", "email", "street", "postal_code", "city", "country")),
        sa.column("languages", sa.JSON),
        sa.column("opening_hours", sa.JSON),
        sa.column("finance", sa.JSON),
        sa.column("privacy_version"),
        sa.column("created_at", sa.DateTime(timezone=True)),
        sa.column("updated_at", sa.DateTime(timezone=True)),
    )
    empty = dict.fromkeys(("host", "phone", "email", "street", "postal_code", "city"), "")
    now = datetime.now(UTC)
    op.bulk_insert(
        dealerships,
        [
            {
                **empty,
                "name": "Kroi",
                "language": "en",
                "languages": ["en"],
                "currency": "EUR",
                "time_zone": "Europe/Helsinki",
                "country": "FI",
                "opening_hours": {},
                "finance": {},
                "privacy_version": "2026-11",
                "created_at": now,
                "updated_at": now,
            }
        ],
    )


def downgrade() -> None:
    op.execute("DELETE FROM dealerships")
