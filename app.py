"""The WSGI entry point: `app` is what a server serves and what `flask` commands run in."""

from kroi.factory import create_app

app = create_app()
