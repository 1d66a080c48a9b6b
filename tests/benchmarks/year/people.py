"""Invented people: names as they are common in Finland, each with an address and a number of their own."""

import base64
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

from kroi.core import text
from kroi.leads.models import Person
from kroi.leads.people.rules import mails
from kroi.leads.rules import names
from tests.benchmarks.year.rows import Rows

_GIVEN = [
    "Aino",
    "Anna",
    "Anneli",
    "Antti",
    "Ari",
    "Arto",
    "Eero",
    "Elina",
    "Emilia",
    "Emma",
    "Erik",
    "Eva",
    "Hanna",
    "Hannu",
    "Heidi",
    "Heikki",
    "Helena",
    "Henrik",
    "Iida",
    "Ilkka",
    "Jaakko",
    "Janne",
    "Jari",
    "Joonas",
    "Juha",
    "Jukka",
    "Kaarina",
    "Kai",
    "Kalle",
    "Kari",
    "Karin",
    "Katja",
    "Kirsi",
    "Kristian",
    "Lars",
    "Lassi",
    "Laura",
    "Leena",
    "Liisa",
    "Maija",
    "Mari",
    "Maria",
    "Marika",
    "Markku",
    "Markus",
    "Matti",
    "Mikael",
    "Mikko",
    "Minna",
    "Niina",
    "Olavi",
    "Olli",
    "Oskari",
    "Outi",
    "Pasi",
    "Petri",
    "Pia",
    "Pekka",
    "Raimo",
    "Reijo",
    "Riikka",
    "Risto",
    "Saara",
    "Sami",
    "Sanna",
    "Satu",
    "Seppo",
    "Sofia",
    "Stefan",
    "Susanna",
    "Taina",
    "Tapio",
    "Teemu",
    "Tiina",
    "Timo",
    "Tommi",
    "Tuula",
    "Veikko",
    "Ville",
    "Virpi",
]
_STEMS = [
    "Aho",
    "Haapa",
    "Harju",
    "Hieta",
    "Järvi",
    "Kallio",
    "Kangas",
    "Kivi",
    "Koivu",
    "Korpi",
    "Koski",
    "Kuusi",
    "Laakso",
    "Lampi",
    "Lehto",
    "Leppä",
    "Metsä",
    "Mylly",
    "Mäki",
    "Niemi",
    "Oja",
    "Pelto",
    "Pihla",
    "Ranta",
    "Saari",
    "Salo",
    "Suo",
    "Tammi",
    "Virta",
    "Vuori",
]
_ENDS = ("nen", "la", "niemi", "koski", "mäki", "järvi", "ranta", "aho", "lahti", "salmi", "vaara", "nen", "nen")
_SWEDISH = [
    "Andersson",
    "Backman",
    "Berg",
    "Ekholm",
    "Grönroos",
    "Holm",
    "Karlsson",
    "Lind",
    "Lindqvist",
    "Nyman",
    "Sandell",
    "Wikström",
]
_HOSTS = ("gmail.com", "hotmail.com", "outlook.com", "luukku.example", "posti.example", "firma.example")


@dataclass(frozen=True)
class Shopper:
    """Somebody as a lead names them."""

    id: int
    name: str
    email: str | None
    phone: str | None
    seal_key: str


def new(rows: Rows, random: Random, number: int, at: datetime) -> Shopper:
    """The `number`th person, stored."""
    name = f"{random.choice(_GIVEN)} {_surname(random)}"
    email, phone = _contact(random, name, number)
    seal_key = base64.urlsafe_b64encode(random.randbytes(32)).decode("ascii")
    found = " ".join(filter(None, (name, email, (phone or "").lstrip("+"))))
    key = rows.add(
        Person, name=name, email=email, email_key=mails.key(email) if email else None, phone=phone, phone_key=phone,
        seal_key=seal_key, search_text=text.fold(found), name_key=_name_key(name), merged_into=None, created_at=at,
        updated_at=at,
    )  # fmt: skip
    return Shopper(key, name, email, phone, seal_key)


def _surname(random: Random) -> str:
    if random.random() < 0.07:
        return random.choice(_SWEDISH)
    return f"{random.choice(_STEMS)}{random.choice(_ENDS)}"


def _contact(random: Random, name: str, number: int) -> tuple[str | None, str | None]:
    """An address, a number, or both; a few share a number."""
    words = text.fold(name).replace(" ", ".")
    luck = random.random()
    owner = number if luck > 0.02 else max(number - 3, 0)
    return (
        f"{words}{number}@{random.choice(_HOSTS)}" if luck < 0.9 else None,
        f"+35840{owner % 10_000_000:07d}" if luck < 0.6 or luck >= 0.9 else None,
    )


@cache
def _name_key(name: str) -> str:
    return names.key(name)
