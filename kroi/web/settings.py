"""The settings of the running application, for code that has a request or a command around it."""

from flask import current_app

from kroi.core.config import Settings


def settings() -> Settings:
    """The settings this application was made with."""
    found: Settings = current_app.extensions["kroi.settings"]
    return found
