"""The tables of responses."""

revision = "responses"
down_revision = "doors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
