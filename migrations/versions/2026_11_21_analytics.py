"""The tables of analytics."""

revision = "analytics"
down_revision = "notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
