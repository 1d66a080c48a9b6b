"""What the words of four languages mean: Automaatti is automatic, Neliveto (AWD/4WD) is all-wheel drive."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TypeVar

from kroi.catalogue.imports.rules.wordlists import word_set
from kroi.catalogue.rules import Body, CarStatus, Colour, Condition, Drive, Fuel, Transmission, Vat
from kroi.core.text import fold

Meaning = TypeVar("Meaning")

_BLANK = word_set(
    "n/a na n.a. nan null none nil undefined unknown unspecified select tba tbd k.a. ka ? x xx xxx",
    "tuntematon unbekannt okand ukendt",
) | {"not specified", "not available", "ei tietoa", "ei tiedossa", "keine angabe", "keine angaben", "no color",
     "please select", "valitse", "bitte wahlen", "okant", "ej angivet", "not stated", "not known"}  # fmt: skip
OTHERS = frozenset({"other", "others", "andere", "anderer", "sonstige", "sonstiges", "muu", "muut", "ovriga", "ovrigt",
                    "annan", "annat", "misc", "sonstige autos", "other makes"})  # fmt: skip
_APART = re.compile(r"[\s/,;:|+&()\[\]_.-]+")

# Written folded, since they are compared folded. A word may stand alone or end a compound (tummansininen).
BODY = {
    Body.HATCHBACK: "hatchback viistopera halvkombi schragheck kleinwagen hatch kompaktwagen smabil pikkuauto",
    Body.SEDAN: "sedan saloon porraspera limousine limo stufenheck berline sedaani",
    Body.ESTATE: "estate wagon stationwagon farmari kombi combi touring avant variant sportswagon turnier break",
    Body.SUV: "suv maastoauto maasturi katumaasturi stadsjeep gelandewagen crossover offroad citymaasturi terrangbil",
    Body.COUPE: "coupe kupee kupe sportwagen sportcoupe",
    Body.CONVERTIBLE: "convertible cabrio cabriolet roadster avoauto spyder spider cab avomalli",
    Body.MPV: "mpv minivan tilaauto tila-auto familjebuss van/kleinbus minibus kleinbus bus people carrier "
    "grossraumlimousine",
    Body.VAN: "van pakettiauto skapbil kastenwagen transporter transportbil umpipakettiauto kasten cargo",
    Body.PICKUP: "pickup lavaauto lava-auto avolava flakbil pritschenwagen truck pick-up",
    Body.OTHER: "other muu andere sonstige ovrigt ovriga",
}
TRANSMISSION = {
    Transmission.AUTOMATIC: "automatic automaatti automatik automat automatisk auto semi-automatic semiautomatic "
    "semi halbautomatik puoliautomaatti halvautomatisk dsg cvt tiptronic steptronic multitronic s-tronic stronic pdk "
    "powershift portaaton automaattivaihteisto automatikgetriebe automatgetriebe edc dct egs variator aut",
    Transmission.MANUAL: "manual manuaali manuell manuelle manuaalinen schaltgetriebe schalter handgeschaltet "
    "kasivalinta kasivaihteinen manuaalivaihteisto manuella stick manuale",
}
DRIVE = {
    Drive.AWD: "neliveto awd 4wd 4x4 allrad allradantrieb fyrhjulsdrift fyrhjulsdriven quattro xdrive 4matic 4motion "
    "4drive four-wheel all-wheel fourwheeldriveconfiguration allwheeldriveconfiguration nelivetoinen 4-wheel "
    "awd/4wd syncro haldex",
    Drive.FWD: "fwd etuveto etuvetoinen frontantrieb vorderradantrieb framhjulsdrift front front-wheel vorderrad "
    "frontwheeldriveconfiguration framhjulsdriven",
    Drive.RWD: "rwd takaveto takavetoinen heckantrieb hinterradantrieb bakhjulsdrift rear rear-wheel hinterrad "
    "rearwheeldriveconfiguration bakhjulsdriven",
}
COLOUR = {
    Colour.BLACK: "black musta svart schwarz ebony onyx noir",
    Colour.WHITE: "white valkoinen vit weiss off-white ivory helmiaisvalkoinen",
    Colour.GREY: "grey gray harmaa gra grau charcoal anthracite anthrazit antrasiitti graphite gunmetal granite",
    Colour.SILVER: "silver hopea silber hopeanvarinen silber/grau",
    Colour.BLUE: "blue sininen bla blau turquoise turkoosi turkis navy",
    Colour.RED: "red punainen rod rot maroon burgundy viininpunainen bordeaux crimson",
    Colour.GREEN: "green vihrea gron grun olive",
    Colour.BROWN: "brown ruskea brun braun bronze bronssi copper mocha",
    Colour.BEIGE: "beige tan sand champagne cream kerma",
    Colour.YELLOW: "yellow keltainen gul gelb",
    Colour.ORANGE: "orange oranssi",
    Colour.GOLD: "gold kulta guld golden",
    Colour.PURPLE: "purple violet violetti lila violett",
    Colour.OTHER: "other muu andere sonstige ovrig multicolor",
}
STATUS = {
    CarStatus.AVAILABLE: "available active published saatavilla myynnissa verfugbar lieferbar tillganglig aktiivinen "
    "instock listed live on-sale aktiv",
    CarStatus.RESERVED: "reserved varattu reserviert reserverad pending bokad hold on-hold",
    CarStatus.SOLD: "sold myyty verkauft sald soldout",
    CarStatus.DRAFT: "draft luonnos entwurf utkast unpublished",
    CarStatus.WITHDRAWN: "withdrawn poistettu archived removed zuruckgezogen borttagen",
}
STATUS_PHRASES = {"in stock": CarStatus.AVAILABLE, "for sale": CarStatus.AVAILABLE, "till salu": CarStatus.AVAILABLE,
                  "sold out": CarStatus.SOLD, "not available": CarStatus.WITHDRAWN, "coming soon": CarStatus.AVAILABLE,
                  "tulossa": CarStatus.AVAILABLE, "on sale": CarStatus.AVAILABLE, "kommer snart": CarStatus.AVAILABLE,
                  "in transit": CarStatus.AVAILABLE, "out of stock": CarStatus.SOLD}  # fmt: skip
CONDITION = {
    Condition.NEW: "new uusi neu neuwagen neufahrzeug ny nybil n",
    Condition.USED: "used kaytetty gebraucht gebrauchtwagen begagnad u pre-owned preowned cpo certified second-hand "
    "vaihtoauto",
}
NEARLY_NEW = (
    "registered preregistered tageszulassung demonstration demo demobil demonstrator vorfuhrwagen vorfuhrfahrzeug "
    "esittelyauto jahreswagen employee's employees uudenveroinen"
)
VAT = {
    Vat.MARGIN: "margin marginaali marginaalivero marginaaliverotettu differenzbesteuert 25a vmb marginalbeskattning",
    Vat.DEDUCTIBLE: "deductible reclaimable qualifying vahennyskelpoinen alv-vahennyskelpoinen ausweisbar "
    "avdragsgill momsbil",
}
_FUELS = {
    "petrol": "petrol gasoline gas bensiini bensin benzin super unleaded tfsi tsi",
    "diesel": "diesel dieseli tdi hdi cdi",
    "electric": "electric elektro elektrisch sahko el electricity elbil bev ev strom elektrizitat e",
    "lpg": "lpg autogas nestekaasu gasol flussiggas gpl",
    "cng": "cng erdgas naturgas maakaasu kaasu biokaasu biogas fordonsgas methane metaani naturalgas",
    "ethanol": "ethanol etanoli etanol e85 flexfuel flexifuel flex bioethanol",
    "hydrogen": "hydrogen vety vatgas wasserstoff fuelcell brennstoffzelle",
    "hybrid": "hybrid hybridi hev fullhybrid tayshybrid vollhybrid elhybrid itselataava",
    "mild": "mild mhev kevythybridi mildhybrid mildhybrid48v kevyt",
    "plug": "plug plugin phev lataushybridi ladattava laddhybrid pluginhybrid ladattavahybridi",
    "other": "other others muu andere sonstige ovrigt",
}


def is_blank(text: str) -> bool:
    """Does the cell say nothing: empty, a dash, N/A, "Select", "ei tietoa"?"""
    return not text or _says_nothing(text)


@lru_cache(maxsize=16_384)
def _says_nothing(text: str) -> bool:
    folded = fold(text).strip().strip(":").strip()
    if folded.replace("_", " ") in _BLANK or folded.startswith("-/-"):
        return True
    return not any(mark.isalnum() or mark in "€$£" for mark in folded)


def _table(words: Mapping[Meaning, str]) -> dict[str, Meaning]:
    return {word: meaning for meaning, line in words.items() for word in line.split()}


_BODY, _TRANSMISSION, _DRIVE = _table(BODY), _table(TRANSMISSION), _table(DRIVE)
_COLOUR, _STATUS, _CONDITION, _VAT = _table(COLOUR), _table(STATUS), _table(CONDITION), _table(VAT)
_FUEL = _table(_FUELS)


def _find(text: str, table: Mapping[str, Meaning], *, compounds: bool = False) -> Meaning | None:
    """What the whole text means, else its first word that means something; with compounds also its endings."""
    folded = fold(text).strip()
    if folded in table:
        return table[folded]
    parts = [part for part in _APART.split(folded) if part]
    joined = "".join(parts)
    for word in (joined, *(a + "-" + b for a, b in zip(parts, parts[1:], strict=False)), *parts):
        if word in table:
            return table[word]
    if compounds:
        endings = (word for part in parts for word in table if len(word) > 2 and len(part) > 5 and part.endswith(word))
        return next((table[word] for word in endings), None)
    return None


@lru_cache(maxsize=4096)
def body(text: str) -> Body | None:
    """The shape that the words name."""
    return _find(text, _BODY, compounds=True)


@lru_cache(maxsize=4096)
def transmission(text: str) -> Transmission | None:
    """Who changes gear."""
    return _find(text, _TRANSMISSION, compounds=True)


@lru_cache(maxsize=4096)
def drive(text: str) -> Drive | None:
    """Which wheels pull."""
    return _find(text, _DRIVE)


@lru_cache(maxsize=4096)
def colour(text: str) -> Colour | None:
    """The colour: of several words the last, since `dark blue` is blue."""
    parts = [part for part in _APART.split(fold(text)) if part]
    for part in reversed(parts):
        if part in _COLOUR:
            return _COLOUR[part]
    found = [_find(part, _COLOUR, compounds=True) for part in reversed(parts)]
    return next((each for each in found if each), None)


@lru_cache(maxsize=4096)
def status(text: str) -> CarStatus | None:
    """Where the car stands."""
    folded = " ".join(part for part in _APART.split(fold(text)) if part)
    return STATUS_PHRASES.get(folded) or _find(text, _STATUS)


@lru_cache(maxsize=4096)
def condition(text: str) -> Condition | None:
    """New or used: a demonstrator is used."""
    return Condition.USED if is_nearly_new(text) else _find(text, _CONDITION)


@lru_cache(maxsize=4096)
def is_nearly_new(text: str) -> bool:
    """A demonstrator, a registration for one day: its 0 km are meant."""
    return not set(NEARLY_NEW.split()).isdisjoint(_APART.split(fold(text)))


@lru_cache(maxsize=4096)
def vat(text: str) -> Vat | None:
    """How VAT stands in the price."""
    return _find(text, _VAT, compounds=True)


@lru_cache(maxsize=4096)
def fuel(text: str) -> Fuel | None:
    """What makes it go. Petrol and electricity together are a hybrid, petrol and gas are gas."""
    parts = [part for part in _APART.split(fold(text)) if part]
    kinds = {_FUEL[part] for part in ("".join(parts), *parts) if part in _FUEL}
    for part in (part for part in parts if part not in _FUEL):
        kinds |= {kind for word, kind in _FUEL.items() if len(word) > 4 and len(part) > 6 and word in part}
    if "plug" in kinds:
        return Fuel.PLUG_IN_HYBRID
    if "mild" in kinds:
        return Fuel.MILD_HYBRID
    if "hybrid" in kinds or ("electric" in kinds and kinds & {"petrol", "diesel"}):
        return Fuel.HYBRID
    order = ("hydrogen", "lpg", "cng", "ethanol", "electric", "diesel", "petrol", "other")
    return next((Fuel(kind) for kind in order if kind in kinds), None)
