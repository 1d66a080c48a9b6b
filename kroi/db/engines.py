"""Gives an application its engines: the primary's, that for glances, the replica's; counted, bounded, looked after."""

from flask import Flask
from sqlalchemy import Engine, event

from kroi.core.config import Settings
from kroi.db import connecting, dialects, glance, leaks, replica
from kroi.db.model import db
from kroi.db.pool import Keeper


def install(app: Flask, settings: Settings) -> None:
    """Make them all, and teach each its manners. Nothing connects yet."""
    leaks.install(app)
    db.init_app(app)
    with app.app_context():
        connecting.install(db.engine, settings)
        leaks.watch(db.engine)
        glance.install(app, settings)
        replica.install(app, settings)
        app.extensions["kroi.keeper"] = _kept(engines_of(app), settings)


def engines_of(app: Flask) -> list[Engine]:
    """Every engine of this application; inside its context."""
    return [db.engine, *(engine for engine in (glance.engine_of(app), replica.engine_of(app)) if engine is not None)]


def dispose(app: Flask) -> None:
    """Close every connection that is not in use; inside the app's context."""
    for engine in engines_of(app):
        engine.dispose()


def _kept(engines: list[Engine], settings: Settings) -> Keeper:
    """Who proves the connections, from the first one on. SQLite's need no proof."""
    pooled = [each for each in engines if dialects.is_postgresql(each)]
    keeper = Keeper(pooled, settings.database_health_check_interval, settings.database_idle_timeout)
    for engine in pooled:
        event.listen(engine, "connect", keeper.start)
        event.listen(engine, "engine_disposed", keeper.rest)
    return keeper
