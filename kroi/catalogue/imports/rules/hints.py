"""What abbreviations in a typed name give away: TDI is diesel, quattro is all-wheel drive."""

import re

from kroi.catalogue.imports.rules.wordlists import any_of
from kroi.catalogue.rules import Body, Drive, Fuel, Transmission

_KW = re.compile(r"(?<![\w.,])([0-9]{2,4}) ?kw\b", re.IGNORECASE)
_HP = re.compile(r"(?<![\w.,])([0-9]{2,4}) ?(hv|hk|ps|hp|bhp|cv)\b", re.IGNORECASE)
_LITRES = re.compile(
    r"(?<![\w.,])([0-9])[.,]([0-9])(?![0-9.,]|\s*(?:%|€|tkm|km|m\b))(?= ?l\b|[a-z]{0,4}\b|\s|$|/)", re.IGNORECASE
)
_LITRE_RANGE = range(600, 7000)  # ccm; a version number (`Golf 7.5`) is larger
_FUELS = (
    (any_of("phev, plug-in, plugin, plug in, lataushybridi, gte, tfsi e, recharge"), Fuel.PLUG_IN_HYBRID),
    (any_of("mhev, mild hybrid, mild-hybrid, mildhybrid, kevythybridi"), Fuel.MILD_HYBRID),
    (any_of("hybrid, hybridi, hsd, e-hev, ehev, hev"), Fuel.HYBRID),
    (
        any_of("tdi, hdi, bluehdi, cdi, crdi, dci, tdci, jtd, jtdm", "cdti, dtec, d-4d, crd, did, sdi, diesel"),
        Fuel.DIESEL,
    ),
    (re.compile(r"(?<!\w)[0-9]{2,3}d(?!\w)", re.IGNORECASE), Fuel.DIESEL),
    (
        any_of("tsi, tfsi, fsi, gdi, t-gdi, tce, puretech, ecoboost", "mpi, vti, benzin, bensiini, bensin, petrol"),
        Fuel.PETROL,
    ),
)
_TRANSMISSIONS = (
    (
        any_of(
            "dsg, s tronic, s-tronic, stronic, tiptronic, steptronic, multitronic, automaatti, automatic, automatik",
            "7g-tronic, 9g-tronic, cvt, aut.",
        ),
        Transmission.AUTOMATIC,
    ),
    (any_of("manuaali, manual, manuell, schaltgetriebe, schalter"), Transmission.MANUAL),
)
_DRIVES = (
    (any_of("quattro, quatro, xdrive, 4matic, 4motion, 4drive, 4x4, awd, 4wd, allrad, neliveto, allgrip"), Drive.AWD),
)
_BODIES = (
    (
        any_of(
            "avant, variant, touring, kombi, combi, farmari, estate, sw, sportswagon, turnier, wagon, sports tourer",
            "t-modell",
        ),
        Body.ESTATE,
    ),
    (any_of("sedan, limousine, saloon, porrasperä"), Body.SEDAN),
    (any_of("cabrio, cabriolet, convertible, roadster, spyder, avoauto"), Body.CONVERTIBLE),
    (any_of("coupe, coupé"), Body.COUPE),
    (any_of("sportback, hatchback, viistoperä"), Body.HATCHBACK),
)


def fuel(text: str) -> Fuel | None:
    """What makes it go."""
    return next((meaning for pattern, meaning in _FUELS if pattern.search(text)), None)


def transmission(text: str) -> Transmission | None:
    """Who changes gear."""
    return next((meaning for pattern, meaning in _TRANSMISSIONS if pattern.search(text)), None)


def drive(text: str) -> Drive | None:
    """Which wheels pull."""
    return next((meaning for pattern, meaning in _DRIVES if pattern.search(text)), None)


def body(text: str) -> Body | None:
    """The shape."""
    return next((meaning for pattern, meaning in _BODIES if pattern.search(text)), None)


def kilowatts(text: str) -> int | None:
    """Power in kW."""
    return int(found[1]) if (found := _KW.search(text)) else None


def horsepower(text: str) -> int | None:
    """Power in horses."""
    return int(found[1]) if (found := _HP.search(text)) else None


def displacement(text: str) -> int | None:
    """Engine size in ccm, from litres as names give them."""
    sizes = (int(found[1]) * 1000 + int(found[2]) * 100 for found in _LITRES.finditer(text))
    return next((size for size in sizes if size in _LITRE_RANGE), None)
