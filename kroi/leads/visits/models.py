"""Appointments: which car somebody comes to drive, and when."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kroi.catalogue.models import Car
from kroi.db.model import Key, Model, Owned, Timestamps, owned_key, owned_table
from kroi.leads.models import Lead
from kroi.leads.visits.rules import Slot, VisitStatus

_HELD = text("status = 'booked' AND car_id IS NOT NULL")


class Appointment(Owned, Timestamps, Model):
    """One visit. A car is booked once for a time, which the database holds even if our own lock does not."""

    __tablename__ = "appointments"
    __table_args__ = owned_table(
        owned_key("lead_id", to="leads"),
        owned_key("car_id", to="cars"),
        Index(
            "uq_appointments_held",
            "dealership_id",
            "car_id",
            "starts_at",
            unique=True,
            postgresql_where=_HELD,
            sqlite_where=_HELD,
        ),
        Index(None, "dealership_id", "lead_id", "starts_at"),
        Index(None, "dealership_id", "starts_at"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(BigInteger)
    car_id: Mapped[int | None] = mapped_column(BigInteger)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[VisitStatus] = mapped_column(default=VisitStatus.BOOKED)
    by_id: Mapped[int | None] = mapped_column(BigInteger)
    """Who of us made it; nobody when the shopper did."""
    confirmed_at: Mapped[datetime | None]
    """When one of us said that it stands."""
    series: Mapped[int | None] = mapped_column(BigInteger)
    """The visit (id) that this one was before it was moved for the first time; calendars know it by that."""
    revision: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How often it was changed, so that calendars believe the newest."""

    lead: Mapped[Lead] = relationship(lazy="raise", viewonly=True)
    car: Mapped[Car | None] = relationship(lazy="raise", viewonly=True, overlaps="lead")

    @property
    def slot(self) -> Slot:
        """Its time."""
        return Slot(self.starts_at, self.ends_at)
