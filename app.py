"""The WSGI entry point: `app` is what a server serves and what `flask` commands run in."""

import gc

from kroi.factory import create_app

app = create_app()
gc.freeze()  # what is here now stays: the search for garbage need not walk through it again and again
