"""Invented people of six countries: how they are called, and how they write their numbers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Land:
    """Names and numbers of a country: given names as (name, what friends say, without its marks)."""

    women: tuple[tuple[str, str, str], ...]
    men: tuple[tuple[str, str, str], ...]
    surnames: tuple[tuple[str, str], ...]
    siblings: tuple[tuple[str, str], ...]
    numbers: tuple[str, ...]
    """The same number as it is written at home and abroad; each `x` is a digit, in this order."""
    domains: tuple[str, ...]


LANDS = {
    "FI": Land(
        (("Katariina", "Kati", "Katariina"), ("Elisabet", "Liisa", "Elisabet"), ("Päivi", "Päivi", "Paivi"),
         ("Margareeta", "Reetta", "Margareeta"), ("Anna-Kaisa", "Kaisa", "Anna Kaisa")),
        (("Aleksanteri", "Santeri", "Aleksanteri"), ("Antero", "Antti", "Antero"), ("Yrjö", "Yrjö", "Yrjo"),
         ("Johannes", "Jussi", "Johannes"), ("Väinö", "Väinö", "Vaino")),
        (("Hämäläinen", "Hamalainen"), ("Virtanen", "Virtanen"), ("Mäkelä", "Makela"), ("Koskinen", "Koskinen"),
         ("Järvinen", "Jarvinen"), ("Lehtonen", "Lehtonen")),
        (("Mari", "Marja"), ("Janne", "Hanne"), ("Anni", "Anna")),
        ("04x xxx xxxx", "+358 4x xxxxxxx", "003584xxxxxxxx", "04x-xxxxxxx", "+358(0)4xxxxxxxx"),
        ("kolumbus.example", "luukku.example", "elisanetti.example"),
    ),
    "SE": Land(
        (("Kristina", "Stina", "Kristina"), ("Elisabeth", "Lisa", "Elisabeth"), ("Märta", "Märta", "Marta"),
         ("Margareta", "Greta", "Margareta"), ("Åsa", "Åsa", "Asa")),
        (("Gustav", "Gurra", "Gustav"), ("Lars", "Lasse", "Lars"), ("Björn", "Björn", "Bjorn"),
         ("Karl", "Kalle", "Karl"), ("Håkan", "Håkan", "Hakan")),
        (("Sjöberg", "Sjoberg"), ("Lindqvist", "Lindqvist"), ("Öberg", "Oberg"), ("Nyström", "Nystrom"),
         ("Forsberg", "Forsberg"), ("Åkesson", "Akesson")),
        (("Ulla", "Ylla"), ("Jan", "Jon"), ("Karin", "Karina")),
        ("07x-xxx xx xx", "+46 7x xxx xx xx", "00467xxxxxxxx", "07xxxxxxxx", "+46(0)7x-xxxxxxx"),
        ("telia.example", "bredband.example", "comhem.example"),
    ),
    "EE": Land(
        (("Ekaterina", "Katja", "Ekaterina"), ("Jelena", "Lena", "Jelena"), ("Külli", "Külli", "Kulli"),
         ("Margarita", "Rita", "Margarita"), ("Õie", "Õie", "Oie")),
        (("Aleksander", "Sander", "Aleksander"), ("Mihkel", "Mihkel", "Mihkel"), ("Jüri", "Jüri", "Juri"),
         ("Vladimir", "Vova", "Vladimir"), ("Tõnu", "Tõnu", "Tonu")),
        (("Põder", "Poder"), ("Tamm", "Tamm"), ("Kuusk", "Kuusk"), ("Mägi", "Magi"), ("Rebane", "Rebane"),
         ("Ööbik", "Oobik")),
        (("Mari", "Maris"), ("Jaan", "Jaak"), ("Anne", "Anna")),
        ("5xxx xxxx", "+372 5xxx xxxx", "003725xxxxxxx", "5xxxxxxx", "+372-5xxx-xxxx"),
        ("mail.example", "hot.example", "online.example"),
    ),
    "DE": Land(
        (("Katharina", "Kathi", "Katharina"), ("Elisabeth", "Lisa", "Elisabeth"), ("Bärbel", "Bärbel", "Baerbel"),
         ("Margarete", "Gretel", "Margarete"), ("Jördis", "Jördis", "Joerdis")),
        (("Alexander", "Alex", "Alexander"), ("Johannes", "Hannes", "Johannes"), ("Jörg", "Jörg", "Joerg"),
         ("Maximilian", "Max", "Maximilian"), ("Günther", "Günther", "Guenther")),
        (("Müller", "Mueller"), ("Schäfer", "Schaefer"), ("Größmann", "Groessmann"), ("Köhler", "Koehler"),
         ("Lehmann", "Lehmann"), ("Jäger", "Jaeger")),
        (("Marie", "Maria"), ("Tim", "Tom"), ("Anna", "Anne")),
        ("015xx xxxxxxx", "+49 15xx xxxxxxx", "004915xxxxxxxxx", "015xx/xxxxxxx", "+49 (0) 15xx xxxxxxx"),
        ("web.example", "gmx.example", "t-online.example"),
    ),
    "GB": Land(
        (("Katherine", "Kate", "Katherine"), ("Elizabeth", "Liz", "Elizabeth"), ("Zoë", "Zoë", "Zoe"),
         ("Margaret", "Maggie", "Margaret"), ("Siân", "Siân", "Sian")),
        (("William", "Bill", "William"), ("Robert", "Bob", "Robert"), ("Seán", "Seán", "Sean"),
         ("Richard", "Dick", "Richard"), ("Thomas", "Tom", "Thomas")),
        (("Fotheringay", "Fotheringay"), ("O'Connor", "OConnor"), ("Smith", "Smith"), ("Brontë", "Bronte"),
         ("Huxtable", "Huxtable"), ("Penhaligon", "Penhaligon")),
        (("Carol", "Carola"), ("Dan", "Don"), ("Ella", "Elle")),
        ("07xxx xxxxxx", "+44 7xxx xxxxxx", "00447xxxxxxxxx", "07xxx-xxx-xxx", "+44 (0)7xxx xxxxxx"),
        ("btinternet.example", "sky.example", "talktalk.example"),
    ),
    "PL": Land(
        (("Katarzyna", "Kasia", "Katarzyna"), ("Elżbieta", "Ela", "Elzbieta"), ("Małgorzata", "Gosia", "Malgorzata"),
         ("Agnieszka", "Aga", "Agnieszka"), ("Żaneta", "Żaneta", "Zaneta")),
        (("Aleksander", "Olek", "Aleksander"), ("Jan", "Janek", "Jan"), ("Łukasz", "Łukasz", "Lukasz"),
         ("Stanisław", "Staszek", "Stanislaw"), ("Paweł", "Paweł", "Pawel")),
        (("Wójcik", "Wojcik"), ("Nowak", "Nowak"), ("Dąbek", "Dabek"), ("Woźniak", "Wozniak"), ("Mazur", "Mazur"),
         ("Król", "Krol")),
        (("Maria", "Marta"), ("Adam", "Adan"), ("Hanna", "Anna")),
        ("50x xxx xxx", "+48 50x xxx xxx", "004850xxxxxxx", "50x-xxx-xxx", "(+48) 50xxxxxxx"),
        ("wp.example", "onet.example", "interia.example"),
    ),
}  # fmt: skip
