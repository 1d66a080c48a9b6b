"""The tables of messages."""

revision = "messages"
down_revision = "desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
