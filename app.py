"""The WSGI entry point: `app` is what a server serves and what `flask` commands run in."""

import gc
import signal
import threading

# Told to stop while it still loads what follows, a process stops: granian would hear of it only afterwards, and wait.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGTERM, signal.SIG_DFL)

from kroi.factory import create_app

app = create_app()
gc.freeze()  # what is here now stays: the search for garbage need not walk through it again and again
