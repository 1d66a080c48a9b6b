"""What a car can be found by: its own words, and the words four languages have for what it is."""

from collections.abc import Iterable

from kroi.catalogue.rules.synonyms import synonyms
from kroi.catalogue.rules.values import Body, Colour, Drive, Fuel, Transmission
from kroi.core.text import fold

_MOST_PROSE = 4000  # characters of description that are searched; the rest rarely says anything new

# English, Finnish, Swedish, German. Folded below, so they are written as people write them.
WORDS: dict[Body | Fuel | Transmission | Drive | Colour, str] = {
    Body.HATCHBACK: "hatchback viistoperä halvkombi schrägheck",
    Body.SEDAN: "sedan saloon porrasperä limousine",
    Body.ESTATE: "estate wagon farmari kombi touring",
    Body.SUV: "suv 4x4 maasturi katumaasturi stadsjeep geländewagen crossover",
    Body.COUPE: "coupe coupé kupee kupé",
    Body.CONVERTIBLE: "convertible cabriolet cabrio roadster avoauto",
    Body.MPV: "mpv people carrier minivan tila-auto familjebuss",
    Body.VAN: "van pakettiauto skåpbil transporter kastenwagen",
    Body.PICKUP: "pickup pick-up lava-auto avolava flakbil pritschenwagen",
    Fuel.PETROL: "petrol gasoline bensiini bensin benzin",
    Fuel.DIESEL: "diesel",
    Fuel.HYBRID: "hybrid hybridi",
    Fuel.MILD_HYBRID: "mild hybrid kevythybridi mildhybrid",
    Fuel.PLUG_IN_HYBRID: "plug-in hybrid phev lataushybridi laddhybrid",
    Fuel.ELECTRIC: "electric ev sähkö elbil elektro",
    Fuel.CNG: "cng gas kaasu erdgas naturgas",
    Fuel.LPG: "lpg autogas nestekaasu gasol",
    Fuel.ETHANOL: "ethanol e85 flexifuel etanoli etanol",
    Fuel.HYDROGEN: "hydrogen vety vätgas wasserstoff",
    Transmission.MANUAL: "manual manuaali manuell schaltgetriebe käsivalinta",
    Transmission.AUTOMATIC: "automatic automaatti automat automatik",
    Drive.FWD: "fwd front-wheel etuveto framhjulsdrift frontantrieb",
    Drive.RWD: "rwd rear-wheel takaveto bakhjulsdrift heckantrieb",
    Drive.AWD: "awd 4wd 4x4 four-wheel all-wheel neliveto fyrhjulsdrift allrad",
    Colour.BLACK: "black musta svart schwarz",
    Colour.WHITE: "white valkoinen vit weiß",
    Colour.GREY: "grey gray harmaa grå grau",
    Colour.SILVER: "silver hopea silber",
    Colour.BLUE: "blue sininen blå blau",
    Colour.RED: "red punainen röd rot",
    Colour.GREEN: "green vihreä grön grün",
    Colour.BROWN: "brown ruskea brun braun",
    Colour.BEIGE: "beige",
    Colour.YELLOW: "yellow keltainen gul gelb",
    Colour.ORANGE: "orange oranssi",
    Colour.GOLD: "gold kulta guld",
    Colour.PURPLE: "purple violet violetti lila",
}


def search_text(
    *,
    make: str,
    model: str,
    trim: str = "",
    stock_number: str = "",
    model_year: int | None = None,
    body: Body | None = None,
    fuel: Fuel | None = None,
    transmission: Transmission | None = None,
    drive: Drive | None = None,
    colour: Colour | None = None,
    features: Iterable[str] = (),
    paragraphs: Iterable[str] = (),
) -> str:
    """The car's `search_text`: make, model, trim, number, year, what it is in four languages, features, description.

    What features are called in the other languages stands at the end.

    Folded (lower case, no diacritics) and stripped of repeats of white space. Whoever writes any of these fields
    (importer, editor) writes this one with them.
    """
    values = (body, fuel, transmission, drive, colour)
    parts = [make, model, trim, stock_number, str(model_year or "")]
    parts += [WORDS.get(value, "") for value in values if value is not None]
    parts += features
    parts.append(" ".join(paragraphs)[:_MOST_PROSE])
    text = " ".join(fold(" ".join(parts)).replace("\x00", "").split())
    return " ".join([text, *synonyms(text).split()])


def search_words(typed: str) -> str:
    """What somebody typed, as it is compared with `search_text`: folded, each word once, at most ten."""
    words = fold(plain(typed.replace("\x00", ""))).split()
    return " ".join(list(dict.fromkeys(words))[:10])


def plain(typed: str) -> str:
    """What somebody typed without the quotes, which say that the words are to be taken as they are."""
    return " ".join(typed.replace('"', " ").split())
