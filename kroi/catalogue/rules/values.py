"""The words that describe a car; their values stand in addresses, imports and feeds."""

import enum


class Body(enum.StrEnum):
    """The shape of a car."""

    HATCHBACK = "hatchback"
    SEDAN = "sedan"
    ESTATE = "estate"
    SUV = "suv"
    COUPE = "coupe"
    CONVERTIBLE = "convertible"
    MPV = "mpv"
    VAN = "van"
    PICKUP = "pickup"
    OTHER = "other"


class Fuel(enum.StrEnum):
    """What makes it go."""

    PETROL = "petrol"
    DIESEL = "diesel"
    HYBRID = "hybrid"
    MILD_HYBRID = "mild_hybrid"
    PLUG_IN_HYBRID = "plug_in_hybrid"
    ELECTRIC = "electric"
    CNG = "cng"
    LPG = "lpg"
    ETHANOL = "ethanol"
    HYDROGEN = "hydrogen"
    OTHER = "other"


class Transmission(enum.StrEnum):
    """Who changes gear."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"


class Drive(enum.StrEnum):
    """Which wheels pull."""

    FWD = "fwd"
    RWD = "rwd"
    AWD = "awd"


class Colour(enum.StrEnum):
    """The colour by its plain name."""

    BLACK = "black"
    WHITE = "white"
    GREY = "grey"
    SILVER = "silver"
    BLUE = "blue"
    RED = "red"
    GREEN = "green"
    BROWN = "brown"
    BEIGE = "beige"
    YELLOW = "yellow"
    ORANGE = "orange"
    GOLD = "gold"
    PURPLE = "purple"
    OTHER = "other"


class Condition(enum.StrEnum):
    """Used, unless somebody says otherwise."""

    NEW = "new"
    USED = "used"


class Vat(enum.StrEnum):
    """How VAT stands in the price: the margin scheme, or deductible by a business."""

    MARGIN = "margin"
    DEDUCTIBLE = "deductible"


class CarStatus(enum.StrEnum):
    """Where a car stands on its way through the house."""

    DRAFT = "draft"
    AVAILABLE = "available"
    RESERVED = "reserved"
    SOLD = "sold"
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"


ON_SALE = (CarStatus.AVAILABLE, CarStatus.RESERVED)
SOLD = (CarStatus.SOLD, CarStatus.DELIVERED)
HIDDEN = (CarStatus.DRAFT, CarStatus.WITHDRAWN)  # from shoppers
