"""What the commands about backups take: where, for how long, and of which moment; a slip of the hand is wrong use."""

from datetime import datetime
from typing import Any

import click

from kroi.core.config import folder_or_bucket
from kroi.dealerships.rules.retention import BACKUPS_KEPT
from kroi.operations.backup import rules


class _Moment(click.ParamType[datetime]):
    """A point in time."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """From ISO 8601; without an offset it is UTC."""
        try:
            return value if isinstance(value, datetime) else rules.parse_moment(str(value))
        except ValueError as error:
            return self.fail(str(error), param, ctx)


class _Place(click.ParamType[str]):
    """A folder or a bucket."""

    name = "place"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """As BACKUP_URL is read."""
        try:
            return folder_or_bucket(str(value))
        except ValueError as error:
            return self.fail(str(error), param, ctx)


MOMENT = _Moment()
keep = click.option(
    "-r", "--keep-days", type=click.IntRange(1), default=BACKUPS_KEPT.days, show_default=True,
    help="Older ones are deleted.",
)  # fmt: skip
plain = click.option("--no-compress", is_flag=True, help="Write the database as it is.")
into = click.option(
    "-o", "--into", "where", type=_Place(), help="Folder or s3://bucket/prefix to write to; else BACKUP_URL."
)
among = click.option(
    "-o", "--in", "where", type=_Place(), help="Folder or s3://bucket/prefix to look in; else BACKUP_URL."
)
