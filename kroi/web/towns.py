"""Towns in Finland as sentences need them: "Espoossa", "i Esbo". Other places are said by their own name."""

from flask_babel import gettext as _

from kroi.web import place

_SWEDISH = {  # where the Swedish name is another one
    "Espoo": "Esbo", "Hamina": "Fredrikshamn", "Hanko": "Hangö", "Helsinki": "Helsingfors", "Hyvinkää": "Hyvinge",
    "Hämeenlinna": "Tavastehus", "Inkoo": "Ingå", "Järvenpää": "Träskända", "Kaarina": "S:t Karins",
    "Kaskinen": "Kaskö", "Kauniainen": "Grankulla", "Kemiönsaari": "Kimitoön", "Kerava": "Kervo",
    "Kirkkonummi": "Kyrkslätt", "Kokkola": "Karleby", "Kristiinankaupunki": "Kristinestad",
    "Lappeenranta": "Villmanstrand", "Lohja": "Lojo", "Loviisa": "Lovisa", "Maarianhamina": "Mariehamn",
    "Mikkeli": "S:t Michel", "Mustasaari": "Korsholm", "Naantali": "Nådendal", "Närpiö": "Närpes", "Oulu": "Uleåborg",
    "Parainen": "Pargas", "Pietarsaari": "Jakobstad", "Pori": "Björneborg", "Porvoo": "Borgå", "Raahe": "Brahestad",
    "Raasepori": "Raseborg", "Raisio": "Reso", "Rauma": "Raumo", "Savonlinna": "Nyslott",
    "Sipoo": "Sibbo", "Tampere": "Tammerfors", "Tornio": "Torneå", "Turku": "Åbo", "Tuusula": "Tusby",
    "Uusikaarlepyy": "Nykarleby", "Uusikaupunki": "Nystad", "Vaasa": "Vasa", "Vantaa": "Vanda", "Vihti": "Vichtis",
}  # fmt: skip
_FINNISH = {  # in the town; names that say it with -lla or change inside are written out
    "Espoo": "Espoossa", "Forssa": "Forssassa", "Hamina": "Haminassa", "Hanko": "Hangossa", "Heinola": "Heinolassa",
    "Helsinki": "Helsingissä", "Hollola": "Hollolassa", "Hyvinkää": "Hyvinkäällä", "Hämeenlinna": "Hämeenlinnassa",
    "Iisalmi": "Iisalmessa", "Imatra": "Imatralla", "Inkoo": "Inkoossa", "Joensuu": "Joensuussa",
    "Jyväskylä": "Jyväskylässä", "Jämsä": "Jämsässä", "Järvenpää": "Järvenpäässä", "Kaarina": "Kaarinassa",
    "Kajaani": "Kajaanissa", "Kangasala": "Kangasalla", "Kauniainen": "Kauniaisissa", "Kemi": "Kemissä",
    "Kempele": "Kempeleessä", "Kerava": "Keravalla", "Kirkkonummi": "Kirkkonummella", "Kokkola": "Kokkolassa",
    "Kotka": "Kotkassa", "Kouvola": "Kouvolassa", "Kuopio": "Kuopiossa", "Kuusamo": "Kuusamossa", "Lahti": "Lahdessa",
    "Laihia": "Laihialla", "Lappeenranta": "Lappeenrannassa", "Lempäälä": "Lempäälässä", "Lieto": "Liedossa",
    "Lohja": "Lohjalla", "Loimaa": "Loimaalla", "Loviisa": "Loviisassa", "Maarianhamina": "Maarianhaminassa",
    "Mikkeli": "Mikkelissä", "Mustasaari": "Mustasaaressa", "Mäntsälä": "Mäntsälässä", "Naantali": "Naantalissa",
    "Nokia": "Nokialla", "Nurmijärvi": "Nurmijärvellä", "Oulu": "Oulussa", "Parainen": "Paraisilla",
    "Pietarsaari": "Pietarsaaressa", "Pirkkala": "Pirkkalassa", "Pori": "Porissa", "Porvoo": "Porvoossa",
    "Raahe": "Raahessa", "Raasepori": "Raaseporissa", "Raisio": "Raisiossa", "Rauma": "Raumalla",
    "Riihimäki": "Riihimäellä", "Rovaniemi": "Rovaniemellä", "Salo": "Salossa", "Sastamala": "Sastamalassa",
    "Savonlinna": "Savonlinnassa", "Seinäjoki": "Seinäjoella", "Sipoo": "Sipoossa", "Tampere": "Tampereella",
    "Tornio": "Torniossa", "Turku": "Turussa", "Tuusula": "Tuusulassa", "Uusikaupunki": "Uudessakaupungissa",
    "Vaasa": "Vaasassa", "Valkeakoski": "Valkeakoskella", "Vantaa": "Vantaalla", "Varkaus": "Varkaudessa",
    "Vihti": "Vihdissä", "Ylivieska": "Ylivieskassa", "Ylöjärvi": "Ylöjärvellä", "Äänekoski": "Äänekoskella",
}  # fmt: skip


def in_town(city: str) -> str:
    """Where something is, to follow other words: `in Espoo`, `Espoossa`, `i Esbo`."""
    language = place.current().language
    if language == "fi" and city in _FINNISH:
        return _FINNISH[city]
    return str(_("in %(city)s", city=_SWEDISH.get(city, city) if language == "sv" else city))
