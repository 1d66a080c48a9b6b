"""What an import can learn about a car, and how columns of four languages are headed."""

import enum
import re
from functools import cache

from kroi.catalogue.imports.rules.wordlists import word_set
from kroi.core.text import fold


class Field(enum.StrEnum):
    """One thing that a column can say."""

    MAKE = "make"
    MODEL = "model"
    NAME = "name"
    TRIM = "trim"
    BODY = "body"
    YEAR = "year"
    FIRST_REGISTRATION = "first_registration"
    REGISTRATION_MONTH = "registration_month"
    PRICE = "price"
    STRUCK_PRICE = "struck_price"
    COST = "cost"
    CURRENCY = "currency"
    VAT = "vat"
    MILEAGE = "mileage"
    MILEAGE_UNIT = "mileage_unit"
    FUEL = "fuel"
    TRANSMISSION = "transmission"
    DRIVE = "drive"
    POWER = "power"
    DISPLACEMENT = "displacement"
    COLOUR = "colour"
    DOORS = "doors"
    SEATS = "seats"
    OWNERS = "owners"
    VIN = "vin"
    PLATE = "plate"
    STOCK_NUMBER = "stock_number"
    ID = "id"
    CO2 = "co2"
    CONSUMPTION = "consumption"
    CONDITION = "condition"
    STATUS = "status"
    CATEGORY = "category"
    FEATURED = "featured"
    DESCRIPTION = "description"
    FEATURES = "features"
    PHOTOS = "photos"
    ACQUIRED_ON = "acquired_on"
    LOCATION = "location"


# English; Finnish; Swedish; German. Phrases as people write them, compared folded and without blanks.
HEADERS: dict[Field, str] = {
    Field.MAKE: "make, car make, brand, brand name, manufacturer; merkki, automerkki, valmistaja; märke, bilmärke, "
    "fabrikat, tillverkare; marke, automarke, hersteller",
    Field.MODEL: "model, model name, car model, model series; malli, automalli, mallisarja; modell, bilmodell; "
    "modellname, baureihe, modellreihe",
    Field.NAME: "name, title, car name, ad title, listing title, headline, vehicle, vehicle name; nimi, otsikko, "
    "auto, ajoneuvo, auton nimi; namn, rubrik, titel, bil; bezeichnung, fahrzeug, fahrzeugbezeichnung, titel, "
    "überschrift",
    Field.TRIM: "trim, trim level, version, variant, grade, derivative, model version, edition; malliversio, "
    "tarkenne, mallitarkenne, varustetaso, versio; utförande, utrustningsnivå; ausführung, ausstattungslinie, "
    "variante, modellversion",
    Field.BODY: "body, body style, body type, body shape, body style raw, vehicle type, vehicle body, type, car "
    "type; kori, korimalli, korityyppi, tyyppi, autotyyppi, ajoneuvotyyppi, malli kori; kaross, karosseri, "
    "karosstyp, biltyp, fordonstyp; karosserie, karosserieform, aufbau, aufbauart, fahrzeugtyp, fahrzeugart, typ",
    Field.YEAR: "year, model year, year of manufacture, production year, build year, registration year, year of "
    "registration, reg year, yr; vuosi, vuosimalli, valmistusvuosi, käyttöönottovuosi, vm; år, årsmodell, modellår, "
    "tillverkningsår, registreringsår; jahr, baujahr, modelljahr, erstzulassungsjahr, bj",
    Field.FIRST_REGISTRATION: "first registration, first registered, date first registered, registration date, first "
    "reg; ensirekisteröinti, käyttöönotto, käyttöönottopäivä, käyttöönottopvm, rekisteröity; första registrering, "
    "första registreringsdatum, datum i trafik, i trafik, i trafik sedan; erstzulassung, ez, datum erstzulassung",
    Field.REGISTRATION_MONTH: "registration month, month of registration; käyttöönottokuukausi; registreringsmånad; "
    "zulassungsmonat, erstzulassungsmonat",
    Field.PRICE: "price, asking price, sale price, selling price, retail price, current price, final price, total "
    "price, price amount, price value, price incl vat, price raw, price number; hinta, myyntihinta, pyyntihinta, "
    "kokonaishinta; pris, utpris, försäljningspris, totalpris; preis, verkaufspreis, bruttopreis, endpreis, vk preis",
    Field.STRUCK_PRICE: "old price, original price, list price, msrp, rrp, was price, previous price, struck price; "
    "ovh, vanha hinta, alkuperäinen hinta, listahinta; ordinarie pris, tidigare pris, nypris; uvp, listenpreis, "
    "alter preis, neupreis",
    Field.COST: "cost, cost price, purchase price, buying price, purchase cost; ostohinta, hankintahinta, "
    "sisäänostohinta; inköpspris, inpris; einkaufspreis, ek preis, einstandspreis",
    Field.CURRENCY: "currency, price currency, currency code; valuutta; valuta; währung",
    Field.VAT: "vat, vat type, vat treatment, vat deductible, vat reclaimable; alv, alv vähennyskelpoinen, verotus; "
    "moms, momstyp; mwst, mwst ausweisbar, besteuerung",
    Field.MILEAGE: "mileage, odometer, odometer reading, km, kms, kilometers, kilometres, km number, km driven, "
    "kilometers driven, mileage value, mileage km, miles, distance driven; ajokilometrit, kilometrit, ajetut "
    "kilometrit, mittarilukema, ajomäärä, ajettu, kilometrilukema, ajetut km, mittari; miltal, mil, körsträcka, "
    "mätarställning, mätarställning km, körda mil; kilometerstand, laufleistung, km stand, kilometer, tachostand",
    Field.MILEAGE_UNIT: "mileage unit, odometer unit, odometer units, mileage units, distance unit",
    Field.FUEL: "fuel, fuel type, fuel name, motor fuel; polttoaine, käyttövoima, polttoainetyyppi; bränsle, "
    "drivmedel, bränsletyp; kraftstoff, kraftstoffart, treibstoff, kraftstofftyp, antriebsart",
    Field.TRANSMISSION: "transmission, transmission type, gear, gearbox, gear type, gearing; vaihteisto, "
    "vaihteistotyyppi, vaihteet; växellåda, växel, växellådstyp; getriebe, getriebeart, schaltung",
    Field.DRIVE: "drive, drivetrain, drive train, drive type, driven wheels, wheel drive, drive wheel configuration, "
    "driving wheels; vetotapa, veto, vetävät pyörät; drivning, drivhjul, drivlina; antrieb, allrad",
    Field.POWER: "power, engine power, max power, power output, horsepower, horse power, hp, bhp, kw, ps; teho, "
    "moottorin teho, hevosvoimat, hv, tehot; effekt, motoreffekt, hästkrafter, hk; leistung, motorleistung, "
    "pferdestärken",
    Field.DISPLACEMENT: "displacement, engine size, engine displacement, engine capacity, engine volume, cubic "
    "capacity, cc, ccm; iskutilavuus, moottorin tilavuus, moottorin koko, kuutiotilavuus, sylinteritilavuus; "
    "slagvolym, motorvolym, cylindervolym, motorstorlek; hubraum",
    Field.COLOUR: "colour, color, exterior colour, exterior color, body colour, body color, paint; väri, ulkoväri, "
    "korin väri; färg, ytterfärg, karossfärg; farbe, außenfarbe, lackierung, farbe außen",
    Field.DOORS: "doors, door count, number of doors, num doors; ovet, ovia, ovien määrä, ovilukumäärä; dörrar, "
    "antal dörrar; türen, anzahl türen, türanzahl, anzahl der türen",
    Field.SEATS: "seats, seat count, number of seats, seating capacity, num seats; istuimet, istuinpaikat, "
    "istumapaikat, henkilömäärä, paikkaluku; säten, antal säten, sittplatser, platser; sitze, sitzplätze, anzahl "
    "sitzplätze, anzahl sitze",
    Field.OWNERS: "owners, previous owners, number of owners, owner count, former keepers; omistajat, omistajien "
    "määrä, omistajia, aiemmat omistajat; ägare, antal ägare, tidigare ägare; vorbesitzer, anzahl vorbesitzer, "
    "fahrzeughalter, halter, anzahl der fahrzeughalter",
    Field.VIN: "vin, vin number, vin code, chassis number, vehicle identification number; valmistenumero, "
    "alustanumero, runkonumero, vin numero; chassinummer, chassinr; fin, fahrgestellnummer, fahrzeugidentnummer, "
    "fahrzeug identifizierungsnummer",
    Field.PLATE: "plate, license plate, licence plate, number plate, registration, registration number, registration "
    "plate, reg no, reg nr, vrm; rekisterinumero, rekisteritunnus, rekisterinro, reknro, rek nro; "
    "registreringsnummer, regnr, regnummer; kennzeichen, amtliches kennzeichen",
    Field.STOCK_NUMBER: "stock number, stock no, stock nr, stock id, stock code, stock, inventory number, sku; "
    "varastonumero, kohdenumero, varastonro; lagernummer, lagernr; bestandsnummer, interne nummer, lagernummer",
    Field.ID: "id, ad id, listing id, offer id, vehicle id, car id, item id, external id, reference, reference "
    "number, ref, guid, uuid, lot, lot number; tunnus, tunniste, ilmoitusnumero, ilmoituksen numero; annons id, "
    "annonsnummer, objektnummer; anzeigennummer, inseratsnummer, inserats id, fahrzeug id, angebotsnummer",
    Field.CO2: "co2, co2 emission, co2 emissions, emissions co2, co2 g km; co2 päästöt, päästöt, "
    "hiilidioksidipäästöt; co2 utsläpp, koldioxidutsläpp; co2 emissionen, co2 ausstoß",
    Field.CONSUMPTION: "consumption, fuel consumption, combined consumption, fuel consumption combined; kulutus, "
    "keskikulutus, yhdistetty kulutus; förbrukning, bränsleförbrukning; verbrauch, kraftstoffverbrauch, verbrauch "
    "kombiniert",
    Field.CONDITION: "condition, car condition, item condition, state of vehicle, new used, offer type, vehicle "
    "condition; kunto, auton kunto; skick; zustand, fahrzeugzustand, angebotstyp",
    Field.STATUS: "status, availability, sales status, sale status, stock status; tila, myyntitila, saatavuus; "
    "försäljningsstatus, tillgänglighet; verfügbarkeit, verkaufsstatus",
    Field.CATEGORY: "category, car category; kategoria, luokka, ajoneuvoluokka; kategori; kategorie, fahrzeugkategorie",
    Field.FEATURED: "featured, is featured, highlight, highlighted, top offer; nosto, suositeltu; utvald; "
    "hervorgehoben, top angebot",
    Field.DESCRIPTION: "description, detailed description, long description, full description, text, details, ad "
    "text; kuvaus, lisätiedot, lisätieto, auton kuvaus, esittely, selite; beskrivning, annonstext; beschreibung, "
    "fahrzeugbeschreibung, bemerkung",
    Field.FEATURES: "features, equipment, options, equipment list, extras; varusteet, lisävarusteet, varustelu; "
    "utrustning, tillval; ausstattung, sonderausstattung, ausstattungen",
    Field.PHOTOS: "images, image, photos, photo, pictures, picture, image url, image urls, image link, additional "
    "image link, photo url, photo urls, main image, image files; kuvat, kuva, valokuvat, kuvien osoitteet; bilder, "
    "bild, bild url; fotos, foto",
    Field.ACQUIRED_ON: "acquired on, acquisition date, purchase date, date in stock, in stock since, date first on "
    "lot; hankintapäivä, ostopäivä, hankittu; inköpsdatum; einkaufsdatum, ankaufsdatum",
    Field.LOCATION: "location, location name, place, branch, store, site, showroom, yard, stock location, dealer "
    "location; toimipiste, toimipaikka, sijainti, sijaintipaikka, myyntipiste, myymälä, liike; plats, filial, "
    "anläggning, butik, verksamhetsställe; standort, fahrzeugstandort, filiale, niederlassung, betrieb, verkaufsort",
}

UNITS = word_set(
    "eur euro euros e sek usd gbp nok dkk chf km kms tkm kilometers kilometres mi mile miles mil kw hp ps hv hk bhp",
    "cc ccm cm3 cm l litre litres liter litra g gkm l100km",
)
_QUALIFIERS = word_set("raw text value number nr no amount total in the of car vehicle auto type count")
_CAMEL = re.compile(r"(?<=[a-zäöå0-9])(?=[A-ZÄÖÅ])|(?<=[A-Z])(?=[A-Z][a-z])")
_SIGNS = {"kW": " kw ", "€": " eur ", "£": " gbp ", "$": " usd ", "²": "2", "³": "3"}
_PARTS = re.compile(r"[^a-z0-9]+")


def header_words(name: str) -> list[str]:
    """A header's words: `yearOfRegistration` is year, of, registration; `tax(£)` is tax, gbp."""
    for sign, word in _SIGNS.items():
        name = name.replace(sign, word)
    return [word for word in _PARTS.split(fold(_CAMEL.sub(" ", name))) if word]


def header_unit(name: str) -> str:
    """The units that a header names, apart from its first word: `Hinta (EUR)` is eur, `powerPS` is ps, `km` is km."""
    found = header_words(name.rsplit(".", 1)[-1])
    return " ".join(word for word in found if word in UNITS)


@cache
def _phrases() -> dict[str, Field]:
    """Field by phrase; a phrase of two fields belongs to the first of them."""
    phrases: dict[str, Field] = {}
    for field, line in HEADERS.items():
        for phrase in re.split(r"[,;]", line):
            phrases.setdefault("".join(header_words(phrase)), field)
    return phrases


def by_header(name: str) -> tuple[Field, int] | None:
    """What a header says that its column holds, and how plainly: 3 word for word, 1 with a lot of good will."""
    parts = name.split(".")
    for part, plain in ((name, 3), (".".join(parts[-2:]), 2), (parts[-1], 1)):
        found = _by_words(header_words(re.sub(r" \([0-9]+\)$", "", part)), plain)
        if found:
            return found
    return None


def _by_words(words: list[str], plain: int) -> tuple[Field, int] | None:
    phrases = _phrases()
    readings = ((words, 0), (_bare(words), 0), (_without(words, UNITS), 0), (_without(words, _QUALIFIERS | UNITS), 1))
    for reading, less in readings:
        field = phrases.get("".join(reading))
        if field:
            return field, max(plain - less, 1)
    return None


def _bare(words: list[str]) -> list[str]:
    """Without a number at the end: `mileage2` is another mileage."""
    return [*words[:-1], words[-1].rstrip("0123456789")] if words and words[-1] != "co2" else words


def _without(words: list[str], gone: frozenset[str]) -> list[str]:
    kept = [word for word in _bare(words) if word and word not in gone]
    return kept or words
