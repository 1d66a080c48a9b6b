"""What a person reads in fifty rows of real files, written down by hand before the importer was.

Row 1 is the first row below the header. Prices are whole units of the money that the file means, kilometres are
rounded (a mile is 1.609344 km); `None` is "nobody can know". How each file is handed over stands in `FILES`: there is
no mapping, only what a dealer who imports such a file is: a German, a Briton, an American. The one thing to be said
aloud is that the dollar signs of the German file are wrong: its prices are euros.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HandedOver:
    """A file, the dealership's money and distances, and what is said about the file."""

    path: str
    currency: str
    country: str
    said: dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """What one row says."""

    file: str
    row: int
    make: str
    model: str
    price: int | None
    km: int | None
    year: int | None

    @property
    def facts(self) -> tuple[int, str, str, int | None, int | None, int | None]:
        """All of it but the file."""
        return self.row, self.make, self.model, self.price, self.km, self.year


AUTOSCOUT = "autoscout24-de-46k/autoscout24-germany-dataset.csv.gz"
FOCUS = "uk-used-cars/unclean_focus.csv.gz"
KLEINANZEIGEN = "ebay-kleinanzeigen-18k/autos.csv.gz"
USA = "usa-cars-vin-2499/USA_cars_datasets.csv"

FILES = (
    HandedOver(AUTOSCOUT, "EUR", "DE", {}),
    HandedOver(FOCUS, "GBP", "GB", {}),
    HandedOver(KLEINANZEIGEN, "EUR", "DE", {"currency": "EUR"}),
    HandedOver(USA, "USD", "US", {}),
)

ROWS = (
    # A plain German list: kilometres and euros.
    Expected(AUTOSCOUT, 1, "BMW", "316", 6_800, 235_000, 2011),
    Expected(AUTOSCOUT, 2, "Volkswagen", "Golf", 6_877, 92_800, 2011),
    Expected(AUTOSCOUT, 4748, "Skoda", "Rapid/Spaceback", 9_999, 94_777, 2015),
    Expected(AUTOSCOUT, 7086, "Ligier", "JS 50", 9_950, 18_137, 2016),
    Expected(AUTOSCOUT, 9111, "Renault", "Megane", 5_450, 167_000, 2012),
    Expected(AUTOSCOUT, 13001, "Volkswagen", "Passat Variant", 27_790, 84_000, 2017),
    Expected(AUTOSCOUT, 2910, "Land Rover", "Discovery", 79_999, 0, 2021),  # a demonstrator: 0 km is meant
    Expected(AUTOSCOUT, 11947, "Renault", "Twingo", 10_490, None, 2018),  # used, three years old, "0" km: not known
    Expected(AUTOSCOUT, 16870, "Opel", "Karl", 10_490, None, 2019),  # 1111111 was typed to get on
    Expected(AUTOSCOUT, 21676, "Ferrari", "F12", 1_199_900, 431, 2017),
    Expected(AUTOSCOUT, 35500, "Volkswagen", "Scirocco", 13_000, 100_000, 2012),
    Expected(AUTOSCOUT, 45283, "Fiat", "500", 12_990, 99, 2021),  # the last row is a copy of this one
    # British: the make stands nowhere but everybody knows who makes the Focus; pounds, miles, cells shifted by some.
    Expected(FOCUS, 1, "Ford", "Focus", 8_000, 62_526, 2016),
    Expected(FOCUS, 2, "Ford", "Focus", 13_400, 19_235, 2019),
    Expected(FOCUS, 11, "Ford", "Focus", 12_300, 21_332, 2018),
    Expected(FOCUS, 12, "Ford", "Focus", 7_500, 67_773, 2015),
    Expected(FOCUS, 725, "Ford", "Focus", 18_995, 9_637, 2018),
    Expected(FOCUS, 1513, "Ford", "Focus", 18_300, 2_726, 2018),
    Expected(FOCUS, 2500, "Ford", "Focus", 13_190, 36_671, 2018),
    Expected(FOCUS, 3639, "Ford", "Focus", 3_395, 83_686, 2009),
    Expected(FOCUS, 3689, "Ford", "Focus", 3_695, 141_865, 2011),
    Expected(FOCUS, 3766, "Ford", "Focus", 12_495, 15_419, None),
    Expected(FOCUS, 3894, "Ford", "Focus", 14_990, 41_843, None),
    Expected(FOCUS, 4808, "Ford", "Focus", 1_675, None, 2008),
    # German small ads: Latin-1, underscores for blanks, dollar signs for euros, models in shorthand or in the name.
    Expected(KLEINANZEIGEN, 1, "Peugeot", "807", 5_000, 150_000, 2004),
    Expected(KLEINANZEIGEN, 2, "BMW", "7 Series", 8_500, 150_000, 1997),
    Expected(KLEINANZEIGEN, 3, "Volkswagen", "Golf", 8_990, 70_000, 2009),
    Expected(KLEINANZEIGEN, 4, "Smart", "Fortwo", 4_350, 70_000, 2007),
    Expected(KLEINANZEIGEN, 20, "Mazda", "Tribute", 4_150, 150_000, 2004),
    Expected(KLEINANZEIGEN, 46, "Toyota", "Starlet", 1_000, 150_000, 1995),
    Expected(KLEINANZEIGEN, 127, "Peugeot", "207", 6_990, 125_000, 2008),
    Expected(KLEINANZEIGEN, 141, "SsangYong", "Actyon", 5_400, 60_000, 2008),
    Expected(KLEINANZEIGEN, 3357, "Dodge", "Nitro", 13_800, 125_000, 2008),
    Expected(KLEINANZEIGEN, 7999, "Citroën", "C1", 3_000, 100_000, 2009),
    Expected(KLEINANZEIGEN, 8013, "Opel", "GT", 700, 10_000, None),  # the year is 9999
    Expected(KLEINANZEIGEN, 14850, "Mercedes-Benz", "C-Class", 5_200, 150_000, 2005),
    Expected(KLEINANZEIGEN, 18705, "Volkswagen", "Golf", 7_990, 150_000, 2011),  # cut off in its last cell
    # American: miles, dollars without a sign, makes in lower case.
    Expected(USA, 1, "Toyota", "Cruiser", 6_300, 441_149, 2008),
    Expected(USA, 2, "Ford", "SE", 2_899, 306_664, 2011),
    Expected(USA, 5, "Chevrolet", "1500", 27_700, 10_709, 2018),
    Expected(USA, 33, "Chevrolet", "Camaro", 29_800, 74_394, 1973),  # a VIN of 1973 has 13 characters
    Expected(USA, 142, "Dodge", "Van", 0, 286_380, 2008),  # no price: on request
    Expected(USA, 427, "Lexus", "GX", 55_600, 13_174, 2020),
    Expected(USA, 430, "Audi", "Q5", 19_500, 105_948, 2017),
    Expected(USA, 453, "Land Rover", "Discovery", 46_900, 52_122, 2018),
    Expected(USA, 489, "Mercedes-Benz", "E-Class", 29_400, 60_449, 2017),
    Expected(USA, 505, "Peterbilt", "Truck", 100, None, 2012),  # a used lorry with 0 miles: not known
    Expected(USA, 527, "Mazda", "CX-3", 16_000, 76_851, 2016),
    Expected(USA, 1000, "Dodge", "Caravan", 15_800, 47_583, 2019),
    Expected(USA, 1500, "Ford", "F-150", 29_000, 15_640, 2019),
)
