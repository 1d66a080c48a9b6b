"""Indexes for a year of leads."""

revision = "indexes"
down_revision = "privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
