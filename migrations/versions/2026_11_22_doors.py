"""The tables of doors."""

revision = "doors"
down_revision = "changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
