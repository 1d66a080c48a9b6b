"""Kroi for granian with a clock that jumps: the file that DRILL_CLOCK names holds by how many seconds."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app import app
from kroi.core import clock
from tests.drill import jumps

__all__ = ["app"]


class Jumping:
    """Every request happens at the moment that this clock shows."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], file: Path) -> None:
        self._inner, self._file = inner, file

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """One request."""
        with clock.at(datetime.now(UTC) + timedelta(seconds=jumps.read(self._file))):
            return self._inner(environ, start_response)


app.wsgi_app = Jumping(app.wsgi_app, Path(os.environ["DRILL_CLOCK"]))  # type: ignore[method-assign]  # Flask's way
