"""Links, second steps, passkeys; what a session says of its device; ways to search the audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "doors"
down_revision = "changes"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
AUDIT_INDEXES = (
    ["dealership_id", "actor_id", "number"],
    ["dealership_id", "action", "number"],
    ["dealership_id", "at"],
)


def upgrade() -> None:
    op.create_table(
        "door_rules",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("second_step_roles", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_door_rules_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_rules")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_door_rules_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", name=op.f("uq_door_rules_dealership_id")),
    )
    op.create_table(
        "authenticators",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_authenticators_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_authenticators_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticators")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_authenticators_dealership_id_id")),
        sa.UniqueConstraint("dealership_id", "user_id", name=op.f("uq_authenticators_dealership_id_user_id")),
    )
    op.create_table(
        "passkey_challenges",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_passkey_challenges_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_passkey_challenges_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenges")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_passkey_challenges_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_passkey_challenges_dealership_id_digest"),
        "passkey_challenges",
        ["dealership_id", "digest"],
        unique=True,
    )
    op.create_table(
        "passkeys",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_passkeys_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_passkeys_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_passkeys_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_passkeys_dealership_id_credential_id"),
        "passkeys",
        ["dealership_id", "credential_id"],
        unique=True,
    )
    op.create_index(op.f("ix_passkeys_dealership_id_user_id"), "passkeys", ["dealership_id", "user_id"], unique=False)
    op.create_table(
        "recovery_codes",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_recovery_codes_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"],
            ["dealerships.id"],
            name=op.f("fk_recovery_codes_dealership_id"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_codes")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_recovery_codes_dealership_id_id")),
    )
    op.create_index(
        op.f("ix_recovery_codes_dealership_id_user_id"),
        "recovery_codes",
        ["dealership_id", "user_id"],
        unique=False,
    )
    op.create_table(
        "tickets",
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("email_before", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["dealership_id", "user_id"],
            ["users.dealership_id", "users.id"],
            name=op.f("fk_tickets_dealership_id_user_id"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f("fk_tickets_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f("uq_tickets_dealership_id_id")),
    )
    op.create_index(op.f("ix_tickets_dealership_id_digest"), "tickets", ["dealership_id", "digest"], unique=True)
    op.create_index(op.f("ix_tickets_dealership_id_user_id"), "tickets", ["dealership_id", "user_id"], unique=False)
    ddl.secure(
        "tickets",
        "authenticators",
        "recovery_codes",
        "door_rules",
        "passkeys",
        "passkey_challenges",
    )
    op.add_column("staff_sessions", sa.Column("device", sa.Text(), nullable=True))
    op.add_column("staff_sessions", sa.Column("network", sa.Text(), nullable=True))
    op.add_column("staff_sessions", sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("staff_sessions", sa.Column("limited", sa.Boolean(), nullable=False, server_default=sa.false()))
    for columns in AUDIT_INDEXES:
        op.create_index(f"ix_audit_entries_{'_'.join(columns)}", "audit_entries", columns)


def downgrade() -> None:
    for columns in AUDIT_INDEXES:
        op.drop_index(f"ix_audit_entries_{'_'.join(columns)}", table_name="audit_entries")
    for column in ("limited", "proven_at", "network", "device"):
        op.drop_column("staff_sessions", column)
    op.drop_index(op.f("ix_tickets_dealership_id_user_id"), table_name="tickets")
    op.drop_index(op.f("ix_tickets_dealership_id_digest"), table_name="tickets")
    op.drop_table("tickets")
    op.drop_index(op.f("ix_recovery_codes_dealership_id_user_id"), table_name="recovery_codes")
    op.drop_table("recovery_codes")
    op.drop_index(op.f("ix_passkeys_dealership_id_user_id"), table_name="passkeys")
    op.drop_index(op.f("ix_passkeys_dealership_id_credential_id"), table_name="passkeys")
    op.drop_table("passkeys")
    op.drop_index(op.f("ix_passkey_challenges_dealership_id_digest"), table_name="passkey_challenges")
    op.drop_table("passkey_challenges")
    op.drop_table("authenticators")
    op.drop_table("door_rules")
