"""The tables of messages."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import ddl

revision = "messages"
down_revision = "desk"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
UNREAD = sa.text("read_at IS NULL")


def owned(name: str, *columns: sa.Column[Any] | sa.Constraint, keys: dict[str, str] | None = None) -> None:
    """A table of a dealership's rows, with foreign keys (column to table) inside the same dealership."""
    op.create_table(
        name,
        sa.Column("dealership_id", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        *columns,
        *(
            sa.ForeignKeyConstraint(
                ["dealership_id", column],
                [f"{table}.dealership_id", f"{table}.id"],
                name=op.f(f"fk_{name}_dealership_id_{column}"),
                ondelete="RESTRICT",
            )
            for column, table in (keys or {}).items()
        ),
        sa.ForeignKeyConstraint(
            ["dealership_id"], ["dealerships.id"], name=op.f(f"fk_{name}_dealership_id"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("dealership_id", "id", name=op.f(f"uq_{name}_dealership_id_id")),
    )


def unique(name: str, *columns: str) -> sa.UniqueConstraint:
    """No two rows with the same values there."""
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{name}_{'_'.join(columns)}"))


def index(name: str, *columns: str) -> None:
    """Find rows by these columns."""
    op.create_index(op.f(f"ix_{name}_{'_'.join(columns)}"), name, list(columns), unique=False)


def upgrade() -> None:
    op.add_column("leads", sa.Column("answer_waiting_at", MOMENT, nullable=True))
    owned(
        "mails",
        sa.Column("lead_id", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=True),
        sa.Column("files", JSON, nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("leaves_at", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("failed_at", MOMENT, nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        keys={"lead_id": "leads"},
    )
    index("mails", "dealership_id", "lead_id", "at")
    index("mails", "dealership_id", "message_id")
    owned(
        "reply_templates",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        unique("reply_templates", "dealership_id", "language", "name"),
    )
    owned(
        "mail_receipts",
        sa.Column("mailbox", sa.Text(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("message_key", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        unique("mail_receipts", "dealership_id", "mailbox", "validity", "uid"),
        unique("mail_receipts", "dealership_id", "message_key"),
    )
    owned(
        "notices",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("lead_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("facts", JSON, nullable=False),
        keys={"user_id": "users", "lead_id": "leads"},
    )
    op.create_index(
        "ix_notices_unread",
        "notices",
        ["dealership_id", "user_id"],
        unique=False,
        postgresql_where=UNREAD,
        sqlite_where=UNREAD,
    )
    index("notices", "dealership_id", "user_id", "at")
    index("notices", "dealership_id", "lead_id")
    owned(
        "notice_wishes",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("ways", JSON, nullable=False),
        sa.Column("quiet_from", sa.Text(), nullable=True),
        sa.Column("quiet_until", sa.Text(), nullable=True),
        unique("notice_wishes", "dealership_id", "user_id"),
        keys={"user_id": "users"},
    )
    owned(
        "webhooks",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("events", JSON, nullable=False),
        sa.Column("personal", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
    )
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("mail_id", sa.BigInteger(), nullable=True))
        outbox.add_column(sa.Column("webhook_id", sa.BigInteger(), nullable=True))
        outbox.add_column(sa.Column("event", sa.Text(), nullable=True))
        outbox.add_column(sa.Column("facts", JSON, nullable=True))
        for column, table in (("mail_id", "mails"), ("webhook_id", "webhooks")):
            outbox.create_foreign_key(
                op.f(f"fk_outbox_dealership_id_{column}"),
                table,
                ["dealership_id", column],
                ["dealership_id", "id"],
                ondelete="RESTRICT",
            )
    index("outbox", "dealership_id", "mail_id")
    ddl.secure("mails", "reply_templates", "mail_receipts", "notices", "notice_wishes", "webhooks")


def downgrade() -> None:
    op.drop_index(op.f("ix_outbox_dealership_id_mail_id"), table_name="outbox")
    with op.batch_alter_table("outbox") as outbox:
        for column in ("mail_id", "webhook_id"):
            outbox.drop_constraint(op.f(f"fk_outbox_dealership_id_{column}"), type_="foreignkey")
        for column in ("facts", "event", "webhook_id", "mail_id"):
            outbox.drop_column(column)
    for table in ("webhooks", "notice_wishes", "notices", "mail_receipts", "reply_templates", "mails"):
        op.drop_table(table)
    op.drop_column("leads", "answer_waiting_at")
