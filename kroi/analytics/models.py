"""Counts per day, in the dealership's own time zone. Nothing here says who anybody is."""

from datetime import date

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.analytics.rules import PageKind
from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class DailyPageViews(Owned, Model):
    """How often pages of one kind were loaded on a day."""

    __tablename__ = "daily_page_views"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "day", "kind"))

    id: Mapped[Key]
    day: Mapped[date]
    kind: Mapped[PageKind]
    views: Mapped[int]


class DailyCarViews(Owned, Model):
    """How often one car's page was loaded on a day."""

    __tablename__ = "daily_car_views"
    __table_args__ = owned_table(
        owned_key("car_id", to="cars"),
        UniqueConstraint("dealership_id", "day", "car_id"),
        Index("ix_daily_car_views_of_day", "dealership_id", "day", "car_id", "views"),
        Index("ix_daily_car_views_of_car", "dealership_id", "car_id", "day", "views"),
    )

    id: Mapped[Key]
    day: Mapped[date]
    car_id: Mapped[int] = mapped_column(BigInteger)
    views: Mapped[int]


class DailyVisitors(Owned, Model):
    """How many visitors came on a day that is over."""

    __tablename__ = "daily_visitors"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "day"))

    id: Mapped[Key]
    day: Mapped[date]
    visitors: Mapped[int]


class VisitorSalt(Owned, Model):
    """The random salt of a day. Once it is deleted nobody can say whose a digest was."""

    __tablename__ = "visitor_salts"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "day"))

    id: Mapped[Key]
    day: Mapped[date]
    salt: Mapped[str]


class VisitorMark(Owned, Model):
    """One visitor of a day, as a salted digest; deleted with the salt when the day is rolled up."""

    __tablename__ = "visitor_marks"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "day", "digest"))

    id: Mapped[Key]
    day: Mapped[date]
    digest: Mapped[str]
