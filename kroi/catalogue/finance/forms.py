"""What a shopper may change in the calculator. What cannot be read is as if it were not said."""

import re

from flask import request

_NUMBER = re.compile(r"[0-9]{1,9}")  # ASCII only: int() would take other scripts' digits


def down() -> int | None:
    """The down payment of this request's address in whole euros."""
    return _number("down")


def months() -> int | None:
    """For how many months, as this request's address has it."""
    return _number("months")


def _number(name: str) -> int | None:
    said = request.args.get(name, "").strip()
    return int(said) if _NUMBER.fullmatch(said) else None
