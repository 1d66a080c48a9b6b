"""Cars, their prices, photos and history, and the imports that brought them."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kroi.catalogue.rules import Body, CarStatus, Colour, Condition, Drive, Fuel, Transmission, Vat
from kroi.db.model import Key, Model, Owned, Timestamps, owned_key, owned_table


class Car(Owned, Timestamps, Model):
    """One car. Unknown facts are `None`; prices are cents, 0 on request; `cover` repeats the first photo."""

    __tablename__ = "cars"
    __table_args__ = owned_table(
        UniqueConstraint("dealership_id", "slug"),
        UniqueConstraint("dealership_id", "stock_number"),
        Index(None, "dealership_id", "status", "listed_at", "id"),
        Index(None, "dealership_id", "status", "price_cents", "id"),
        Index(None, "dealership_id", "status", "body", "price_cents", "id"),
        Index(None, "dealership_id", "status", "mileage_km", "id"),
        Index(None, "dealership_id", "status", "model_year", "id"),
        Index(  # holds all that comparing prices reads
            "ix_cars_compared",
            "dealership_id",
            "make_slug",
            "model_slug",
            "model_year",
            "mileage_km",
            "id",
            "status",
            "price_cents",
            "fuel",
            "body",
            "sold_at",
        ),  # fmt: skip
        Index(  # holds all that the listing counts, so that it never reads the cars themselves
            "ix_cars_counted",
            "dealership_id",
            "status",
            "make_slug",
            "model_slug",
            "make",
            "model",
            "body",
            "fuel",
            "transmission",
            "drive",
            "colour",
            "price_cents",
            "mileage_km",
            "model_year",
            "power_kw",
            "listed_at",
            "id",
        ),  # fmt: skip
        Index(  # the few that the front page chooses its photo from
            "ix_cars_featured",
            *("dealership_id", "status", "listed_at", "id"),
            sqlite_where=text("featured = 1 AND photo_count > 0"),
            postgresql_where=text("featured AND photo_count > 0"),
        ),
        Index(None, "dealership_id", "model_slug", "id"),
        Index(None, "dealership_id", "vin"),
        Index(None, "dealership_id", "source_id"),
        Index(None, "dealership_id", "fingerprint"),
    )

    id: Mapped[Key]
    stock_number: Mapped[str]
    slug: Mapped[str]
    make: Mapped[str]
    make_slug: Mapped[str]
    model: Mapped[str]
    model_slug: Mapped[str]
    trim: Mapped[str] = mapped_column(default="")
    body: Mapped[Body | None]
    model_year: Mapped[int | None]
    first_registration: Mapped[date | None]
    price_cents: Mapped[int] = mapped_column(BigInteger, default=0)
    struck_cents: Mapped[int | None] = mapped_column(BigInteger)
    struck_until: Mapped[datetime | None]
    vat: Mapped[Vat | None]
    mileage_km: Mapped[int | None]
    fuel: Mapped[Fuel | None]
    transmission: Mapped[Transmission | None]
    drive: Mapped[Drive | None]
    power_kw: Mapped[int | None]
    displacement_ccm: Mapped[int | None]
    colour: Mapped[Colour | None]
    doors: Mapped[int | None]
    seats: Mapped[int | None]
    owners: Mapped[int | None]
    vin: Mapped[str | None]
    plate: Mapped[str | None]
    co2_g_km: Mapped[int | None]
    consumption_dl_100km: Mapped[int | None]
    condition: Mapped[Condition] = mapped_column(default=Condition.USED)
    status: Mapped[CarStatus] = mapped_column(default=CarStatus.DRAFT)
    arriving: Mapped[bool] = mapped_column(default=False)
    arriving_on: Mapped[date | None]
    reserved_until: Mapped[date | None]
    category: Mapped[str | None]
    featured: Mapped[bool] = mapped_column(default=False)
    paragraphs: Mapped[list[str]] = mapped_column(default=list)
    features: Mapped[list[str]] = mapped_column(default=list)
    specifications: Mapped[list[list[str]]] = mapped_column(default=list)
    search_text: Mapped[str] = mapped_column(default="")
    cost_cents: Mapped[int | None] = mapped_column(BigInteger)
    acquired_on: Mapped[date | None]
    listed_at: Mapped[datetime | None]
    sold_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    source_id: Mapped[str | None]
    fingerprint: Mapped[str | None]
    cover: Mapped[dict[str, Any] | None]
    photo_count: Mapped[int] = mapped_column(default=0)

    photos: Mapped[list["Photo"]] = relationship(
        lazy="raise", order_by="Photo.position", back_populates="car", viewonly=True
    )

    @property
    def title(self) -> str:
        """Make and model, as the card's heading says it."""
        return f"{self.make} {self.model}"


class OldSlug(Owned, Model):
    """An address that a car once had; it redirects."""

    __tablename__ = "old_slugs"
    __table_args__ = owned_table(owned_key("car_id", to="cars"), UniqueConstraint("dealership_id", "slug"))

    id: Mapped[Key]
    slug: Mapped[str]
    car_id: Mapped[int] = mapped_column(BigInteger)


class Photo(Owned, Model):
    """One photo of a car; `digest` names its files, `width` and `height` are the original's in pixels."""

    __tablename__ = "photos"
    __table_args__ = owned_table(
        owned_key("car_id", to="cars"),
        UniqueConstraint("dealership_id", "car_id", "digest"),
        Index(None, "dealership_id", "car_id", "position"),
    )

    id: Mapped[Key]
    car_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    position: Mapped[int]
    alt: Mapped[str] = mapped_column(default="")
    car: Mapped[Car] = relationship(lazy="raise", back_populates="photos", viewonly=True)


class PriceChange(Owned, Model):
    """One line of the price ledger, which is only ever added to. 0 means on request."""

    __tablename__ = "price_changes"
    __table_args__ = owned_table(owned_key("car_id", to="cars"), Index(None, "dealership_id", "car_id", "at"))

    id: Mapped[Key]
    car_id: Mapped[int] = mapped_column(BigInteger)
    price_cents: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger)


class CatalogueChange(Owned, Model):
    """One step of the catalogue: these cars changed in one commit, or, with `None`, so many that none is named."""

    __tablename__ = "catalogue_changes"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "version"))

    id: Mapped[Key]
    version: Mapped[int] = mapped_column(BigInteger)
    car_ids: Mapped[list[int] | None]
    at: Mapped[datetime]


class CarEventKind(enum.StrEnum):
    """What kind of thing happened to a car."""

    STATUS = "status"
    EDITED = "edited"
    PHOTOS = "photos"
    IMPORTED = "imported"


class CarEvent(Owned, Model):
    """A car's history: what changed, from what, to what, by whom."""

    __tablename__ = "car_events"
    __table_args__ = owned_table(owned_key("car_id", to="cars"), Index(None, "dealership_id", "car_id", "at"))

    id: Mapped[Key]
    car_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[CarEventKind]
    before: Mapped[str | None]
    after: Mapped[str | None]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    reason: Mapped[str | None]


class NumberSequence(Owned, Model):
    """The next number of a kind; its row is locked while one is taken, so none is given twice."""

    __tablename__ = "number_sequences"
    __table_args__ = owned_table(UniqueConstraint("dealership_id", "name"))

    id: Mapped[Key]
    name: Mapped[str]
    next: Mapped[int] = mapped_column(BigInteger)


class ImportRun(Owned, Model):
    """One import of one file, with its counts; `mapping` says how columns were understood."""

    __tablename__ = "import_runs"
    __table_args__ = owned_table(Index(None, "dealership_id", "started_at"))

    id: Mapped[Key]
    file_name: Mapped[str]
    file_digest: Mapped[str]
    mapping: Mapped[dict[str, Any]]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[int] = mapped_column(default=0)
    undone_at: Mapped[datetime | None]


class MarketListing(Owned, Model):
    """A car that somebody else asks a price for, as a file of `source` said when it was last read."""

    __tablename__ = "market_listings"
    __table_args__ = owned_table(
        Index(
            "ix_market_listings_compared",
            "dealership_id",
            "make_slug",
            "model_slug",
            "model_year",
            "mileage_km",
            "id",
        ),  # fmt: skip
        Index(None, "dealership_id", "source"),
    )

    id: Mapped[Key]
    source: Mapped[str]
    make_slug: Mapped[str]
    model_slug: Mapped[str]
    model_year: Mapped[int]
    mileage_km: Mapped[int]
    price_cents: Mapped[int] = mapped_column(BigInteger)
    fuel: Mapped[Fuel | None]
    body: Mapped[Body | None]
    seen_at: Mapped[datetime]


class RowOutcome(enum.StrEnum):
    """How a row of an import ended; a car that the file no longer holds may be withdrawn."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ImportRow(Owned, Model):
    """What became of one row; `before` and `after` hold the fields that it changed, for the undo."""

    __tablename__ = "import_rows"
    __table_args__ = owned_table(
        owned_key("run_id", to="import_runs"), Index(None, "dealership_id", "run_id", "row_number")
    )

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(BigInteger)
    row_number: Mapped[int]
    outcome: Mapped[RowOutcome]
    reason: Mapped[str | None]
    car_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
