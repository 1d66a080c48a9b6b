"""How the tests knock at the door."""

from werkzeug.test import TestResponse

from kroi.accounts.models import User
from tests.support.client import Client
from tests.support.makers import PASSWORD


def try_password(
    client: Client, who: User | str, password: str = PASSWORD, *, address: str = "192.0.2.1", next: str = ""
) -> TestResponse:
    """One try at the door, from this network address."""
    email = who if isinstance(who, str) else who.email
    data = {"email": email, "password": password, "next": next}
    return client.post("/staff/sign-in", data=data, environ_base={"REMOTE_ADDR": address})


def is_in(client: Client) -> bool:
    """Does the portal open?"""
    return client.get("/staff/profile").status_code == 200
