"""Make the labelled pairs: `python -m tests.leads.people.labels.make`. Seeded: the same files every time."""

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.leads.people.labels.names import LANDS, Land

HERE = Path(__file__).parent
PARTS = ("first", "second", "held_back")
COLUMNS = ("kind", "same", "country", "a_name", "a_email", "a_phone", "b_name", "b_email", "b_phone")
SLIPS = {"gmail.com": ("gmial.com", "gmail.co", "gmal.com"), "hotmail.com": ("hotmial.com", "hotmail.cm", "hotmal.com")}


@dataclass(frozen=True)
class Contact:
    """What somebody typed into a form."""

    name: str
    email: str = ""
    phone: str = ""


Pair = tuple[Contact, Contact]


class Maker:
    """Invents people of one country."""

    def __init__(self, land: Land, dice: random.Random) -> None:
        self.land, self.dice = land, dice
        self.given, self.friends, self.bare = dice.choice(land.women + land.men)
        (self.surname, self.plain), (self.other, _other) = dice.sample(land.surnames, 2)
        self.name = f"{self.given} {self.surname}"
        self.digits = self.new_digits()

    def new_digits(self) -> str:
        """Digits of a number of one's own."""
        return "".join(self.dice.choice("23456789") for _ in range(12))

    def phone(self, way: int | None = None, digits: str = "") -> str:
        """The number, written in one of five ways."""
        left = iter(digits or self.digits)
        pattern = self.land.numbers[self.dice.randrange(5) if way is None else way]
        return "".join(next(left) if mark == "x" else mark for mark in pattern)

    def local(self, given: str = "", surname: str = "") -> str:
        """What stands before the @."""
        words = f"{given or self.bare}.{surname or self.plain}".lower().replace(" ", "").replace("'", "")
        return words.replace("-", "") + str(self.dice.randrange(50, 99))

    def address(self, local: str = "") -> str:
        """An address at a provider of the country."""
        return f"{local or self.local()}@{self.dice.choice(self.land.domains)}"

    def relative(self) -> str:
        """Somebody else's given name."""
        return self.dice.choice([n for n, _f, _b in self.land.women + self.land.men if n[:2] != self.given[:2]])

    def me(self, email: bool = True, phone: bool = True) -> Contact:
        """The first contact."""
        return Contact(self.name, self.address() if email else "", self.phone() if phone else "")


def _written_otherwise(it: Maker) -> Pair:
    me = it.me()
    return me, Contact(it.name.upper(), me.email.title(), it.phone(1))


def _gmail(it: Maker) -> Pair:
    local = it.local()
    tag, domain = it.dice.choice(("cars", "auto")), it.dice.choice(("gmail.com", "googlemail.com"))
    other = f"{local.replace('.', '')}+{tag}@{domain}"
    return Contact(it.name, f"{local}@gmail.com"), Contact(it.name, other)


def _slip_in_domain(it: Maker) -> Pair:
    local, domain = it.local(), it.dice.choice(list(SLIPS))
    slip = it.dice.choice(SLIPS[domain])
    return Contact(it.name, f"{local}@{domain}", it.phone()), Contact(it.name, f"{local}@{slip}")


def _slip_in_local(it: Maker) -> Pair:
    local, domain = it.local(), it.dice.choice(it.land.domains)
    at = it.dice.randrange(1, len(it.bare) - 1)
    swapped = local[:at] + local[at + 1] + local[at] + local[at + 2 :]
    wrong = local.replace(".", "") if swapped == local or it.dice.random() < 0.4 else swapped
    return Contact(it.name, f"{local}@{domain}"), Contact(it.name, f"{wrong}@{domain}")


def _order_swapped(it: Maker) -> Pair:
    me = it.me()
    return me, Contact(f"{it.surname} {it.given}", "", it.phone())


def _initial(it: Maker) -> Pair:
    me = it.me(phone=it.dice.random() < 0.5)
    return me, Contact(f"{it.given[0]}. {it.surname}", me.email)


def _nickname(it: Maker) -> Pair:
    it.given, it.friends, it.bare = it.dice.choice([each for each in it.land.women + it.land.men if each[0] != each[1]])
    me = replace(it.me(), name=f"{it.given} {it.surname}")
    return me, Contact(f"{it.friends} {it.surname}", "", it.phone())


def _maiden_name(it: Maker) -> Pair:
    it.given, it.friends, it.bare = it.dice.choice(it.land.women)
    me = replace(it.me(), name=f"{it.given} {it.surname}")
    by_mail = it.dice.random() < 0.5
    return me, Contact(f"{it.given} {it.other}", me.email if by_mail else "", "" if by_mail else it.phone())


def _marks_lost(it: Maker) -> Pair:
    me = it.me(email=False)
    return me, Contact(f"{it.bare} {it.plain}", it.address(), it.phone())


def _two_addresses(it: Maker) -> Pair:
    return Contact(it.name, it.address(), it.phone()), Contact(
        it.name, f"{it.surname[:3].lower()}@firma.example", it.phone()
    )


def _name_mistyped(it: Maker) -> Pair:
    me, at = it.me(), it.dice.randrange(1, len(it.surname) - 1)
    wrong = it.surname[:at] + it.surname[at + 1 :]
    return me, Contact(f"{it.given} {wrong}", me.email)


def _number_mistyped(it: Maker) -> Pair:
    digits = it.digits
    at = it.dice.randrange(3, 6)
    wrong = digits[:at] + ("2" if digits[at] != "2" else "3") + digits[at + 1 :]
    return Contact(it.name, it.address(), it.phone(0)), Contact(it.name, "", it.phone(0, wrong))


def _nothing_in_common(it: Maker) -> Pair:
    return it.me(phone=False), it.me(email=False)


def _middle_name(it: Maker) -> Pair:
    me = it.me(email=it.dice.random() < 0.5)
    return me, Contact(f"{it.given} {it.relative()} {it.surname}", "", it.phone())


def _family_phone(it: Maker) -> Pair:
    other = it.relative()
    return it.me(), Contact(
        f"{other} {it.surname}", it.address(f"{other[:4].lower()}{it.dice.randrange(99)}"), it.phone()
    )


def _couple_mail(it: Maker) -> Pair:
    email = it.address(f"perhe.{it.plain.lower()}".replace("'", ""))
    phone = it.phone(digits=it.new_digits())
    return Contact(it.name, email, it.phone()), Contact(f"{it.relative()} {it.surname}", email, phone)


def _namesakes(it: Maker) -> Pair:
    me, other = it.me(), it.address(f"{it.given[0].lower()}{it.dice.randrange(1000, 9999)}x")
    return me, Contact(it.name, other, it.phone(digits=it.new_digits()))


def _namesakes_by_phone(it: Maker) -> Pair:
    return it.me(email=False), Contact(it.name, "", it.phone(digits=it.new_digits()))


def _colleagues_phone(it: Maker) -> Pair:
    other = it.relative()
    mails = [f"{name[:4].lower()}@firma{it.dice.randrange(9)}.example" for name in (it.given, other)]
    return Contact(it.name, mails[0], it.phone()), Contact(f"{other} {it.other}", mails[1], it.phone())


def _colleagues_mail(it: Maker) -> Pair:
    email = it.dice.choice(("info", "office", "sales")) + f"@firma{it.dice.randrange(99)}.example"
    return Contact(it.name, email), Contact(f"{it.relative()} {it.other}", email)


def _neighbours(it: Maker) -> Pair:
    wrong = it.digits[:5] + ("7" if it.digits[5] != "7" else "8") + it.digits[6:]
    return Contact(it.name, "", it.phone(0)), Contact(f"{it.relative()} {it.other}", "", it.phone(0, wrong))


def _numbered_addresses(it: Maker) -> Pair:
    domain = it.dice.choice(it.land.domains)
    first, second = it.dice.sample(range(10, 99), 2)
    mails = [f"{it.plain.lower()}{number}@{domain}".replace("'", "") for number in (first, second)]
    return Contact(it.name, mails[0]), Contact(f"{it.relative()} {it.surname}", mails[1])


def _strangers(it: Maker) -> Pair:
    other = it.relative()
    return it.me(), Contact(
        f"{other} {it.other}", it.address(f"{other[:5].lower()}z"), it.phone(digits=it.new_digits())
    )


def _siblings(it: Maker) -> Pair:
    one, other = it.dice.choice(it.land.siblings)
    return (
        Contact(f"{one} {it.surname}", it.address(f"{one.lower()}.{it.dice.randrange(99)}a"), it.phone()),
        Contact(f"{other} {it.surname}", it.address(f"{other.lower()}.{it.dice.randrange(99)}b"), it.phone()),
    )


def _shared_first_name(it: Maker) -> Pair:
    return it.me(), Contact(
        f"{it.given} {it.other}", it.address("x" + it.local(surname="zz")), it.phone(digits=it.new_digits())
    )


SAME: tuple[Callable[[Maker], Pair], ...] = (
    _written_otherwise, _gmail, _slip_in_domain, _slip_in_local, _order_swapped, _initial, _nickname, _maiden_name,
    _marks_lost, _two_addresses, _name_mistyped, _number_mistyped, _nothing_in_common, _middle_name,
)  # fmt: skip
DIFFERENT: tuple[Callable[[Maker], Pair], ...] = (
    _family_phone, _couple_mail, _namesakes, _namesakes_by_phone, _colleagues_phone, _colleagues_mail, _neighbours,
    _numbered_addresses, _strangers, _siblings, _shared_first_name,
)  # fmt: skip


def rows(part: int) -> Iterator[tuple[str, ...]]:
    """One pair of each kind and country for a part: the same kinds everywhere, other people."""
    for kind, same in [(each, "yes") for each in SAME] + [(each, "no") for each in DIFFERENT]:
        for country, land in LANDS.items():
            name = kind.__name__.strip("_")
            one, other = kind(Maker(land, random.Random(f"{name} {country} {part}")))
            yield name, same, country, one.name, one.email, one.phone, other.name, other.email, other.phone


def main() -> None:
    """Write the three parts."""
    for number, part in enumerate(PARTS):
        with (HERE / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(rows(number))


if __name__ == "__main__":
    main()
