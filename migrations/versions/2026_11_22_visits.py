"""The tables of visits."""

revision = "visits"
down_revision = "messages"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
