"""Counts of measured page visits by day, kind of page, and how quick they were."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from kroi.analytics.rules import PageKind
from kroi.analytics.vitals.rules import Metric
from kroi.db.model import Key, Model, Owned, owned_table


class DailyVitals(Owned, Model):
    """How many visits of a day to pages of one kind fell into a bucket of a metric, see `vitals.rules`."""

    __tablename__ = "daily_vitals"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "day", "kind", "metric", "bucket"))

    id: Mapped[Key]
    day: Mapped[date]
    kind: Mapped[PageKind]
    metric: Mapped[Metric]
    bucket: Mapped[int]
    visits: Mapped[int]
