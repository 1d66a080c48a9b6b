"""The tables of scoring_models."""

revision = "scoring_models"
down_revision = "merging"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
