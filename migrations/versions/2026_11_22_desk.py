"""The tables of desk."""

revision = "desk"
down_revision = "scoring_models"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
