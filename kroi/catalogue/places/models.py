"""Which car stands at which location; a car without a row stands at the main one."""

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kroi.db.model import Key, Model, Owned, owned_key, owned_table


class CarLocation(Owned, Model):
    """A car's place, by the location's id in the dealership's row."""

    __tablename__ = "car_locations"
    __table_args__ = owned_table(
        owned_key("car_id", to="cars"),
        UniqueConstraint("dealership_id", "car_id"),
        Index(None, "dealership_id", "location_id"),
    )

    id: Mapped[Key]
    car_id: Mapped[int] = mapped_column(BigInteger)
    location_id: Mapped[int] = mapped_column(Integer)
