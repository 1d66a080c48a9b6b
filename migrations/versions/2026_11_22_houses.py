"""What a dealership may have at most, and the other names under which it is found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "houses"
down_revision = "indexes"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("dealerships", sa.Column("quotas", JSON, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("dealerships", sa.Column("other_hosts", JSON, server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    for column in ("other_hosts", "quotas"):
        op.drop_column("dealerships", column)
