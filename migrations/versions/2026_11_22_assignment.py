"""The tables of assignment."""

revision = "assignment"
down_revision = "responses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
