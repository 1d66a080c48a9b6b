"""The cookie in which a link's secret waits: it outlives the sign-in that may come between, and opens nothing alone."""

from flask import Request, Response

from kroi.accounts.tickets.rules import LASTS, TicketKind
from kroi.web.settings import settings

_LONGEST = 100  # characters


def keep(response: Response, secret: str) -> None:
    """This browser has followed the link with this secret."""
    response.set_cookie(
        _name(),
        secret[:_LONGEST],
        max_age=int(LASTS[TicketKind.EMAIL].total_seconds()),
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )


def read(request: Request) -> str:
    """The secret that waits, or empty."""
    return request.cookies.get(_name(), "")


def forget(response: Response) -> None:
    """It was used."""
    response.delete_cookie(_name(), secure=settings().secure_cookies, httponly=True, samesite="Lax")


def _name() -> str:
    return "__Host-kroi_email" if settings().secure_cookies else "kroi_email"
