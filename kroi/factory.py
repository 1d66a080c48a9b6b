"""Puts the rooms together, with `rooms.py` the only file which knows them all."""

import os
import secrets
import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

from dotenv import load_dotenv
from flask import Flask, Response, abort, g, redirect, request
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from jinja2 import StrictUndefined
from sqlalchemy import select
from werkzeug.middleware.proxy_fix import ProxyFix

from kroi import cache
from kroi.accounts import access, audit
from kroi.accounts.door.rules import neighbourhood
from kroi.accounts.kept import middleware as kept
from kroi.accounts.models import User
from kroi.accounts.sessions import service as sessions
from kroi.analytics import queries as analytics
from kroi.analytics.counting import flusher as counting
from kroi.catalogue import queries as catalogue
from kroi.catalogue.api import rules as api_rules
from kroi.catalogue.changes.news import CatalogueNews
from kroi.catalogue.detail import queries as details
from kroi.core import events, unsafe
from kroi.core.config import Settings, SettingsError
from kroi.dashboard.words import CODES
from kroi.db import connecting, engines, replica
from kroi.db.model import db, session
from kroi.db.tenancy import acting_for
from kroi.dealerships import queries as dealerships
from kroi.dealerships import words as dealership_words
from kroi.dealerships.rules import Profile
from kroi.leads import queries as leads
from kroi.leads.live import middleware as live
from kroi.notifications.notices import queries as notices
from kroi.operations import views as operations_views
from kroi.operations.logs import service as logs
from kroi.operations.metrics import service as metrics
from kroi.rooms import BLUEPRINTS, CHORES, COMMANDS, LISTENERS
from kroi.web import assets, cookies, csrf, delivery, errors, filters, fragments, headers, limits, place, traces, urls
from kroi.web.indents import NoIndents
from kroi.web.pages import middleware as pages

ROOT = Path(__file__).resolve().parent.parent

MOST_BYTES = 64 * 1024 * 1024  # of one request: a dozen photos


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings, or for those of the environment."""
    settings = settings or settings_from_environment()
    app = Flask("kroi", root_path=str(ROOT), static_folder=None, instance_path=str(settings.instance.resolve()))
    app.config.from_mapping(_flask_config(settings))
    app.extensions["kroi.settings"] = settings
    app.ensure_sync = _as_it_is  # type: ignore[method-assign, assignment]  # nothing here is async
    app.jinja_options = {
        "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": [NoIndents]
    }  # fmt: skip
    _install_database(app, settings)
    cache.init_app(app, settings)
    _install_login(app)
    place.install(app)
    for manners in (cookies, csrf, access, filters, fragments, delivery):
        manners.install(app)
    headers.install(app, secure=settings.secure_cookies)
    errors.install(app, suggest=details.suggest)
    app.url_map.converters["int"] = urls.Number
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    for happening, listener in LISTENERS:
        events.subscribe(happening, listener)
    app.extensions["kroi.chores"] = CHORES
    app.extensions["kroi.seal_keys"] = leads.find_seal_keys
    app.extensions["kroi.audit_codes"] = CODES
    app.extensions["kroi.car_interest"] = analytics.interest_in
    app.before_request_funcs.setdefault(None, []).insert(0, _enter)
    traces.install(app)
    logs.install(app)
    app.teardown_request(_leave)
    app.context_processor(_page_context)
    _install_middleware(app, settings)
    return app


def _as_it_is(function: Callable[..., Any]) -> Callable[..., Any]:
    """Nothing here is async, and Flask would look at a dozen functions for each request to see that."""
    return function


def settings_from_environment() -> Settings:
    """Settings of the environment and `.env`; says every problem at once and exits 1 when one is wrong."""
    load_dotenv(ROOT / ".env")
    try:
        settings = Settings.from_env(os.environ, instance=Path(os.environ.get("KROI_INSTANCE", ROOT / "instance")))
    except SettingsError as error:
        sys.stderr.write("Kroi cannot start:\n" + "".join(f"  {problem}\n" for problem in error.problems))
        raise SystemExit(1) from None
    warning = unsafe.readable(ROOT / ".env") if settings.production else None
    if warning:
        sys.stderr.write(f"Warning: {warning}\n")
    return settings if settings.secret_key else settings.with_secret(_own_secret(settings.instance))


def _own_secret(instance: Path) -> str:
    """A random secret, made once and kept for the owner's eyes only."""
    path = instance / "secret-key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii").strip()


def _flask_config(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "MAX_FORM_PARTS": 400,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": connecting.engine_options(settings),
        "SESSION_COOKIE_NAME": "__Host-kroi" if settings.secure_cookies else "kroi",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "TESTING": settings.kroi_env == "test",
        "PROPAGATE_EXCEPTIONS": False,
    }


def _install_database(app: Flask, settings: Settings) -> None:
    engines.install(app, settings)
    Migrate(app, db, directory=str(ROOT / "migrations"))


def _install_login(app: Flask) -> None:
    login = LoginManager(app, add_context_processor=False)  # it asks for the user on every page
    login.session_protection = None
    # It looks at the session on every answer, so that every public page would say "Vary: Cookie".
    app.after_request_funcs[None].remove(login._update_remember_cookie)
    login.user_loader(_load_user)


def _load_user(secret: str) -> User | None:
    return sessions.find_user(secret)


def _install_middleware(app: Flask, settings: Settings) -> None:
    app.wsgi_app = urls.LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]  # Flask's way
    assets.install(app, ROOT / "static", settings.instance)
    plain = app.wsgi_app
    kept.install(app)
    live.install(app)
    pages.install(app, CatalogueNews(app))
    limits.install(app, plain, api_rules.ROOT, api_rules.MOST_ASKED, asker=neighbourhood)  # a kept answer counts, too
    counting.install(app)  # in front of all that may answer, behind what knows the visitor's true address
    metrics.install(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # Flask's way


def _enter() -> Response | None:
    """Choose the dealership by host and the language by address, before anything else looks at the request."""
    g.pop("_login_user", None)
    if request.blueprint == operations_views.machine.name:
        return None  # asked under any host, and also when there is no database to look one up in
    profile = dealerships.find_by_host(request.host)
    if profile is None:
        abort(404)
    g.profile = profile
    stack = g.kroi_stack = ExitStack()
    stack.enter_context(acting_for(profile.id))
    asked = urls.asked_language()
    stack.enter_context(place.speaking(_place(profile, asked if asked in profile.languages else None)))
    if asked and asked not in profile.languages:
        abort(404)
    if asked == profile.language:
        return redirect(urls.this_address().removeprefix(f"/{asked}"), code=301)  # type: ignore[return-value]  # of Werkzeug
    if _is_staff_page() and current_user.is_authenticated:
        stack.enter_context(audit.acting_as(access.me().id))
        stack.enter_context(place.speaking(_place(profile, access.me().language)))
    return None


def _leave(error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("kroi_stack", None)
    if stack is not None:
        stack.close()


def _place(profile: Profile, language: str | None) -> place.Place:
    return place.at(language or profile.language, profile.language, profile.currency, profile.zone, profile.host)


def _is_staff_page() -> bool:
    return request.path.startswith("/staff")


def _page_context() -> dict[str, object]:
    """What every template may use. Public pages never look at who is signed in: they are the same for everybody."""
    may_ask = "kroi_stack" in g and not g.get("records_away")  # the page that says so must not ask them again
    user = access.me() if may_ask and _is_staff_page() and current_user.is_authenticated else None
    return {
        "dealership": dealership_words.on_page(g.profile) if "profile" in g else None,
        "place": place.current(),
        "staff": user,
        "can": lambda permission: user is not None and access.may(user, permission),
        "portal_counts": PortalCounts(user.id) if user else {},
    }


class PortalCounts:
    """The numbers beside the portal's places, counted in one query where a page shows one."""

    def __init__(self, user_id: int) -> None:
        self._user_id = user_id

    @cached_property
    def _all(self) -> tuple[int, int, int]:
        wanted = (leads.counting_open(), catalogue.counting_on_sale(), notices.counting_unread(self._user_id))
        with replica.on_primary():  # on a page whose figures may be late these may not
            inbox, cars, unread = session.execute(select(*(each.scalar_subquery() for each in wanted))).one()
        return inbox, cars, unread

    @property
    def inbox(self) -> int:
        """Leads that still want something from us."""
        return self._all[0]

    @property
    def cars(self) -> int:
        """Cars on sale."""
        return self._all[1]

    @property
    def unread(self) -> int:
        """What this person was told and has not read."""
        return self._all[2]
