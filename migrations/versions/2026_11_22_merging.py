"""The tables of merging."""

revision = "merging"
down_revision = "assignment"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
