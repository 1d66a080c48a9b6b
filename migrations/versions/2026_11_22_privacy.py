"""What is kept of people who were erased, and for how long others are kept."""

revision = "privacy"
down_revision = "reports"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
