"""The tables of operations."""

revision = "operations"
down_revision = "analytics"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
