"""The tables of accounts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "accounts"
down_revision = "first_dealership"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_audit_entries_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_audit_entries_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "number", name=op.f("uq_audit_entries_dealership_id_number")),
    )
    op.create_index(
        op.f("ix_audit_entries_dealership_id_subject_kind_subject_id"),
        "audit_entries",
        ["dealership_id", "subject_kind", "subject_id"],
        unique=False,
    )
    op.create_table(
        "audit_heads",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_audit_heads_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_heads")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_audit_heads_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", name=op.f("uq_audit_heads_dealership_id")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address_digest", sa.Text(), nullable=False),
        sa.Column("account_digest", sa.Text(), nullable=False),
        sa.Column("known_device", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_sign_in_attempts_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_sign_in_attempts_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_sign_in_attempts_dealership_id_account_digest_at"),
        "sign_in_attempts",
        ["dealership_id", "account_digest", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_sign_in_attempts_dealership_id_address_digest_at"),
        "sign_in_attempts",
        ["dealership_id", "address_digest", "at"],
        unique=False,
    )
    op.create_table(
        "users",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("temporary_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_users_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("dealership_id", "email", name=op.f("uq_users_dealership_id_email")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_users_dealership_id_id")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_staff_sessions_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_staff_sessions_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_staff_sessions_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_staff_sessions_dealership_id_token_digest"),
        "staff_sessions",
        ["dealership_id", "token_digest"],
        unique=True,
    )
    ddl.secure(
        "users",
        "staff_sessions",
        "sign_in_attempts",
        "audit_entries",
        "audit_heads",
    )
    ddl.only_add_to("audit_entries")


def downgrade() -> None:
    ddl.drop_only_add_to("audit_entries")
    op.drop_index(op.f("ix_staff_sessions_dealership_id_token_digest"), table_name="staff_sessions")
    op.drop_table("staff_sessions")
    op.drop_table("users")
    op.drop_index(op.f("ix_sign_in_attempts_dealership_id_address_digest_at"), table_name="sign_in_attempts")
    op.drop_index(op.f("ix_sign_in_attempts_dealership_id_account_digest_at"), table_name="sign_in_attempts")
    op.drop_table("sign_in_attempts")
    op.drop_table("audit_heads")
    op.drop_index(op.f("ix_audit_entries_dealership_id_subject_kind_subject_id"), table_name="audit_entries")
    op.drop_table("audit_entries")
