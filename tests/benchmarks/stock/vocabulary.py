"""What invented cars are made of: makes and models by how common they are, and the words that describe them."""

from dataclasses import dataclass

from kroi.catalogue.rules import Body, Colour, Drive, Fuel

_SHAPES = {
    "H": Body.HATCHBACK,
    "S": Body.SEDAN,
    "E": Body.ESTATE,
    "U": Body.SUV,
    "C": Body.COUPE,
    "O": Body.CONVERTIBLE,
    "M": Body.MPV,
    "V": Body.VAN,
    "P": Body.PICKUP,
}


@dataclass(frozen=True)
class Line:
    """One model: what it costs new (whole euros), its shapes, and its engines from weak to strong (kW)."""

    name: str
    euros: int
    bodies: tuple[Body, ...]
    powers: tuple[int, ...]
    electric: bool = False


def _line(name: str, euros: int, bodies: str, *powers: int, electric: bool = False) -> Line:
    return Line(name, euros, tuple(_SHAPES[letter] for letter in bodies), powers, electric)


# Makes and the models of a make stand in the order of how many there are on the road.
MAKES: dict[str, tuple[Line, ...]] = {
    "Toyota": (
        _line("Corolla", 29_000, "EHS", 72, 90, 103, 132),
        _line("Yaris", 22_000, "H", 53, 74, 85),
        _line("RAV4", 44_000, "U", 112, 131, 160, 225),
        _line("Avensis", 30_000, "ES", 82, 91, 108),
        _line("Auris", 24_000, "HE", 73, 97, 100),
        _line("C-HR", 33_000, "U", 85, 90, 135),
        _line("Hilux", 47_000, "P", 110, 150),
        _line("Proace", 41_000, "V", 75, 90, 106),
        _line("Land Cruiser", 78_000, "U", 130, 150),
        _line("bZ4X", 52_000, "U", 150, 160, electric=True),
    ),
    "Volkswagen": (
        _line("Golf", 30_000, "HE", 63, 77, 85, 110, 180),
        _line("Passat", 40_000, "ES", 81, 110, 140, 200),
        _line("Polo", 22_000, "H", 44, 59, 70),
        _line("Tiguan", 43_000, "U", 92, 110, 140),
        _line("Transporter", 45_000, "VM", 75, 103, 146),
        _line("Touran", 36_000, "M", 77, 85, 110),
        _line("ID.4", 47_000, "U", 109, 150, 210, electric=True),
        _line("ID.3", 38_000, "H", 107, 150, electric=True),
        _line("Caddy", 30_000, "VM", 55, 75, 90),
        _line("Arteon", 52_000, "SE", 110, 140, 206),
    ),
    "Škoda": (
        _line("Octavia", 31_000, "EH", 77, 85, 110, 140),
        _line("Superb", 41_000, "EH", 110, 140, 206),
        _line("Fabia", 20_000, "HE", 44, 59, 70),
        _line("Kodiaq", 45_000, "U", 110, 140),
        _line("Karoq", 35_000, "U", 85, 110),
        _line("Enyaq", 49_000, "U", 132, 150, 210, electric=True),
        _line("Kamiq", 27_000, "U", 70, 85),
    ),
    "Volvo": (
        _line("V60", 46_000, "E", 110, 140, 184, 250),
        _line("XC60", 60_000, "U", 110, 145, 184, 287),
        _line("V70", 44_000, "E", 84, 120, 133),
        _line("V90", 58_000, "E", 110, 140, 184),
        _line("XC90", 80_000, "U", 147, 173, 287),
        _line("V40", 31_000, "H", 84, 88, 110),
        _line("S60", 44_000, "S", 110, 140, 184),
        _line("XC40", 45_000, "U", 95, 120, 170),
        _line("EX30", 40_000, "U", 200, 315, electric=True),
    ),
    "BMW": (
        _line("320", 47_000, "SE", 105, 120, 135, 140),
        _line("520", 60_000, "SE", 120, 135, 140),
        _line("X3", 62_000, "U", 110, 140, 185),
        _line("118", 33_000, "H", 85, 100, 105),
        _line("X5", 88_000, "U", 155, 180, 210),
        _line("530", 68_000, "SE", 160, 185, 215),
        _line("X1", 44_000, "U", 85, 110, 140),
        _line("i4", 62_000, "S", 210, 250, 400, electric=True),
        _line("430", 61_000, "CO", 180, 190),
        _line("iX", 98_000, "U", 240, 385, electric=True),
    ),
    "Ford": (
        _line("Focus", 27_000, "HE", 74, 92, 110),
        _line("Mondeo", 35_000, "EHS", 85, 110, 132),
        _line("Fiesta", 20_000, "H", 55, 74, 92),
        _line("Kuga", 40_000, "U", 85, 110, 140, 165),
        _line("Transit", 42_000, "V", 77, 96, 125),
        _line("S-Max", 41_000, "M", 110, 132, 140),
        _line("Ranger", 48_000, "P", 125, 156),
        _line("Mustang Mach-E", 58_000, "U", 198, 216, 358, electric=True),
    ),
    "Mercedes-Benz": (
        _line("C 200", 50_000, "SE", 118, 135, 150),
        _line("E 220", 63_000, "SE", 125, 143, 147),
        _line("A 180", 35_000, "H", 80, 90, 100),
        _line("GLC 220", 63_000, "UC", 125, 143),
        _line("Vito", 48_000, "VM", 84, 100, 120),
        _line("B 180", 36_000, "M", 80, 90, 100),
        _line("E 300", 72_000, "SEO", 143, 150, 225),
        _line("Sprinter", 55_000, "V", 95, 120, 140),
        _line("EQC 400", 78_000, "U", 300, electric=True),
        _line("EQA 250", 54_000, "U", 140, electric=True),
    ),
    "Audi": (
        _line("A4", 45_000, "ESU", 88, 100, 110, 140),
        _line("A6", 62_000, "ES", 130, 150, 180),
        _line("A3", 34_000, "HS", 77, 85, 110),
        _line("Q5", 61_000, "U", 120, 140, 185),
        _line("Q3", 43_000, "U", 110, 140),
        _line("A5", 52_000, "CHO", 110, 140, 183),
        _line("e-tron", 85_000, "U", 230, 300, electric=True),
        _line("Q4 e-tron", 57_000, "U", 125, 150, 220, electric=True),
        _line("A1", 26_000, "H", 70, 85),
    ),
    "Nissan": (
        _line("Qashqai", 33_000, "U", 81, 85, 103, 116),
        _line("Leaf", 37_000, "H", 80, 110, 160, electric=True),
        _line("X-Trail", 40_000, "U", 96, 120, 150),
        _line("Micra", 19_000, "H", 48, 59, 66),
        _line("Juke", 26_000, "U", 84, 86, 105),
        _line("Note", 21_000, "M", 59, 66),
    ),
    "Opel": (
        _line("Astra", 26_000, "HE", 74, 81, 100, 110),
        _line("Insignia", 36_000, "ESH", 100, 125, 154),
        _line("Corsa", 20_000, "H", 51, 66, 74),
        _line("Zafira", 31_000, "M", 88, 100, 125),
        _line("Mokka", 27_000, "U", 85, 96, 100),
        _line("Vivaro", 38_000, "V", 75, 90, 106),
    ),
    "Kia": (
        _line("Ceed", 26_000, "HE", 74, 88, 103),
        _line("Sportage", 36_000, "U", 85, 100, 132),
        _line("Niro", 34_000, "U", 77, 104, 150),
        _line("Rio", 18_000, "H", 62, 74),
        _line("Optima", 36_000, "SE", 104, 151),
        _line("EV6", 55_000, "U", 125, 168, 239, electric=True),
        _line("Picanto", 15_000, "H", 49, 62),
    ),
    "Peugeot": (
        _line("308", 28_000, "HE", 68, 81, 96),
        _line("3008", 37_000, "U", 88, 96, 133),
        _line("208", 21_000, "H", 50, 60, 74),
        _line("508", 41_000, "ES", 85, 96, 133),
        _line("2008", 27_000, "U", 60, 81, 96),
        _line("5008", 39_000, "MU", 84, 88, 96),
        _line("Partner", 27_000, "VM", 55, 66, 74),
    ),
    "Honda": (
        _line("CR-V", 41_000, "U", 110, 114, 135),
        _line("Civic", 29_000, "HS", 73, 103, 134),
        _line("Jazz", 22_000, "H", 61, 73, 80),
        _line("Accord", 35_000, "SE", 103, 110, 115),
    ),
    "Hyundai": (
        _line("i30", 25_000, "HE", 73, 88, 103),
        _line("Tucson", 36_000, "U", 85, 97, 132, 169),
        _line("i20", 19_000, "H", 55, 62, 74),
        _line("Kona", 33_000, "U", 88, 100, 150, electric=True),
        _line("Ioniq", 34_000, "H", 77, 88, 100),
        _line("Ioniq 5", 53_000, "U", 125, 160, 225, electric=True),
    ),
    "Mazda": (
        _line("6", 35_000, "ES", 88, 107, 121),
        _line("3", 27_000, "HS", 77, 88, 110),
        _line("CX-5", 39_000, "U", 110, 121, 143),
        _line("CX-30", 31_000, "U", 90, 110),
        _line("MX-5", 34_000, "O", 93, 97, 135),
    ),
    "Tesla": (
        _line("Model 3", 48_000, "S", 208, 239, 366, electric=True),
        _line("Model Y", 52_000, "U", 220, 255, 378, electric=True),
        _line("Model S", 98_000, "H", 285, 386, 500, electric=True),
        _line("Model X", 108_000, "U", 311, 386, 500, electric=True),
    ),
    "Renault": (
        _line("Megane", 26_000, "HE", 74, 81, 97),
        _line("Clio", 19_000, "HE", 55, 66, 67),
        _line("Captur", 25_000, "U", 66, 74, 103),
        _line("Kadjar", 30_000, "U", 81, 96, 103),
        _line("Zoe", 33_000, "H", 65, 80, 100, electric=True),
        _line("Trafic", 37_000, "V", 66, 88, 107),
    ),
    "Seat": (
        _line("Leon", 27_000, "HE", 77, 85, 110),
        _line("Ibiza", 19_000, "HE", 55, 70, 81),
        _line("Ateca", 33_000, "U", 85, 110, 140),
        _line("Alhambra", 42_000, "M", 103, 110, 135),
    ),
    "Citroën": (
        _line("C4", 25_000, "HM", 73, 81, 96),
        _line("C3", 18_000, "H", 50, 60, 81),
        _line("Berlingo", 28_000, "VM", 55, 75, 96),
        _line("C5", 34_000, "ES", 85, 103, 120),
    ),
    "Subaru": (
        _line("Forester", 41_000, "U", 92, 110, 177),
        _line("Outback", 45_000, "E", 110, 124, 129),
        _line("XV", 33_000, "U", 84, 110, 115),
        _line("Impreza", 28_000, "HS", 84, 110, 221),
    ),
    "Mitsubishi": (
        _line("Outlander", 42_000, "U", 89, 110, 165),
        _line("ASX", 28_000, "U", 84, 86, 110),
        _line("L200", 40_000, "P", 110, 113, 133),
    ),
    "Suzuki": (
        _line("Vitara", 27_000, "U", 81, 88, 95),
        _line("Swift", 18_000, "H", 61, 66, 82),
        _line("SX4 S-Cross", 26_000, "U", 82, 88, 103),
    ),
    "Mini": (_line("Cooper", 29_000, "HO", 85, 100, 141), _line("Countryman", 36_000, "U", 75, 100, 141)),
    "Land Rover": (_line("Discovery", 78_000, "U", 155, 177, 225), _line("Range Rover Evoque", 55_000, "U", 110, 132)),
    "Dacia": (_line("Duster", 20_000, "U", 66, 80, 84), _line("Sandero", 14_000, "H", 54, 66, 74)),
    "Fiat": (_line("500", 18_000, "HO", 51, 63, 87), _line("Ducato", 38_000, "V", 88, 96, 110)),
    "Lexus": (_line("RX 450h", 76_000, "U", 183, 193, 230), _line("NX 300h", 56_000, "U", 114, 145)),
    "Porsche": (_line("Cayenne", 105_000, "U", 180, 193, 250), _line("911", 140_000, "CO", 254, 283, 331)),
    "Jaguar": (_line("XF", 58_000, "SE", 120, 132, 147), _line("F-Pace", 68_000, "U", 132, 177, 221)),
    "Saab": (_line("9-3", 35_000, "SEO", 88, 110, 129), _line("9-5", 42_000, "SE", 110, 136, 155)),
    "Polestar": (_line("2", 52_000, "H", 165, 170, 220, electric=True),),
    "Jeep": (_line("Compass", 39_000, "U", 103, 125, 177), _line("Grand Cherokee", 75_000, "U", 140, 184, 215)),
    "Alfa Romeo": (_line("Giulia", 48_000, "S", 110, 147, 206), _line("Stelvio", 58_000, "U", 118, 154, 206)),
    "Chevrolet": (_line("Cruze", 21_000, "SEH", 83, 91, 104),),
}

TRIMS = (
    *("Comfort", "Business", "Style", "Active", "Elegance", "Sport", "Premium", "Edition", "Life", "Trend", "Luxury"),
    *("Executive", "Ambition", "Titanium", "Momentum", "Inscription", "Highline", "Design", "Selection", "Plus"),
)
COLOURS: tuple[tuple[Colour, int], ...] = (
    *((Colour.BLACK, 22), (Colour.GREY, 21), (Colour.WHITE, 18), (Colour.SILVER, 13), (Colour.BLUE, 12)),
    *((Colour.RED, 7), (Colour.BROWN, 3), (Colour.GREEN, 2), (Colour.BEIGE, 1), (Colour.YELLOW, 1)),
)
FUELS_BY_AGE: tuple[tuple[int, tuple[tuple[Fuel, int], ...]], ...] = (  # up to so many years old
    (3, ((Fuel.PETROL, 30), (Fuel.PLUG_IN_HYBRID, 26), (Fuel.HYBRID, 24), (Fuel.MILD_HYBRID, 12), (Fuel.DIESEL, 8))),
    (8, ((Fuel.PETROL, 42), (Fuel.DIESEL, 29), (Fuel.HYBRID, 15), (Fuel.PLUG_IN_HYBRID, 11), (Fuel.CNG, 3))),
    (99, ((Fuel.PETROL, 55), (Fuel.DIESEL, 41), (Fuel.HYBRID, 3), (Fuel.ETHANOL, 1))),
)
WHEELS = {Body.SUV: Drive.AWD, Body.PICKUP: Drive.AWD, Body.COUPE: Drive.RWD, Body.CONVERTIBLE: Drive.RWD}
FEATURES = (
    *("Tow bar", "Heated front seats", "Adaptive cruise control", "Navigation", "Reversing camera", "Parking heater"),
    *("LED headlights", "Leather seats", "Panoramic roof", "Apple CarPlay", "Android Auto", "Keyless entry"),
    *("Two sets of tyres", "Full service history", "Block heater", "Head-up display", "Blind spot assist"),
    *("Lane assist", "Electric tailgate", "Roof rails", "Heated steering wheel", "Parking sensors", "Air conditioning"),
    *("Isofix", "Memory seats", "Ventilated seats", "Matrix headlights", "Sports suspension", "Alloy wheels"),
    *("Tinted windows", "Digital instruments", "Wireless charging", "360-degree camera", "Bose sound", "DAB radio"),
    *("Rain sensor", "Electric seats", "Seven seats", "Heat pump", "Webasto", "Sunroof", "Trip computer"),
)
SENTENCES = (
    "One owner from new and serviced on time by the importer's own workshop.",
    "The last service was done at the start of this year, and the brakes are new.",
    "A tidy car with no smoking and no pets; the seats are as new.",
    "The timing belt was changed, with the invoice in the book.",
    "Drives well on long distances and needs little for its size.",
    "The winter tyres are Nordic friction tyres from last autumn.",
    "The boot takes a pram and the week's shopping at once.",
    "There are small marks on the rear bumper, which the photos show.",
    "Inspected in our own workshop, with the report at hand.",
    "We take your car in exchange and bring this one to your door.",
    "Two keys, the service book and the manual come with it.",
    "Battery health was measured, and the paper comes with the car.",
    "Pulls a caravan without effort; the tow bar folds away.",
    "Rust protection was renewed two years ago.",
    "The windscreen was changed last summer.",
)
