"""The shop: front page, list of cars, one car, and what search engines read."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template
from flask_babel import gettext as _

from kroi.catalogue import forms, words
from kroi.catalogue.cards import kept as cards
from kroi.catalogue.changes.late import from_replica
from kroi.catalogue.detail import queries as detail
from kroi.catalogue.detail import shown as details
from kroi.catalogue.detail.views import get_shown
from kroi.catalogue.finance import shown as finance
from kroi.catalogue.front import queries as fronts
from kroi.catalogue.front import shown as front_shown
from kroi.catalogue.listing import html
from kroi.catalogue.listing import queries as listing
from kroi.catalogue.listing.queries import Page
from kroi.catalogue.models import Car
from kroi.catalogue.places import queries as places
from kroi.catalogue.rules import SOLD, addresses
from kroi.catalogue.rules.filters import CarFilter, Choice
from kroi.catalogue.seo import described
from kroi.catalogue.seo import queries as seo
from kroi.catalogue.seo import sitemap as sitemaps
from kroi.catalogue.understanding import service as searching
from kroi.catalogue.understanding import shown as search_shown
from kroi.catalogue.worth import shown as worth
from kroi.core import clock
from kroi.core.errors import NotFound
from kroi.dealerships.words import on_page
from kroi.web import pages
from kroi.web.htmx import either, show, wants_fragment
from kroi.web.urls import prefix_of, public_url, url_for

_OTHERS_JOIN = timedelta(hours=1)  # within which a kept page takes in a new car that is like its own

shop = Blueprint("catalogue", __name__)
for _name, _filter in (
    ("word", words.word),
    ("car_tag", words.tag),
    ("car_price", words.price),
    ("car_struck", words.struck),
    ("car_line", words.line),
    ("car_facts", details.four),
):
    shop.add_app_template_filter(_filter, _name)
shop.add_app_template_global(cards.one, "kept_card")


@shop.get("/")
@pages.kept()
@from_replica
def home() -> Response:
    """How many cars, for how much, the newest, and ways into the list."""
    front, base = fronts.get_front(), url_for(".browse")
    bars = front_shown.price_bars(front)
    return show(
        "catalogue/home.html",
        front=front,
        bars=bars,
        ticks=front_shown.ticks(bars),
        currency=words.currency(),
        budgets=front_shown.budgets(front, base),
        makes=front_shown.makes(front, base),
        needs=front_shown.needs(front, base),
        described=described.front(g.profile),
    )


@shop.get("/cars/")
@pages.kept(reads=addresses.canonical)
@from_replica
def browse() -> Response:
    """The cars that match, and what could be chosen next."""
    found, base = searching.browse(forms.asked()), url_for(".browse")
    page, notice = found.page, search_shown.notice(found, base)
    here = base + addresses.query(page.filter, page.sort, page.here)
    following = base + addresses.query(page.filter, page.sort, page.next) if page.next else ""
    at = html.Addresses(base, here, _previous(page, base), following)
    trail = [(_("Cars"), base)]
    response = either(
        lambda: html.whole(page, at, described=described.listing(page, trail), under=on_page(g.profile), notice=notice),
        lambda: html.fragment(page, at, notice=notice),
    )
    if wants_fragment():
        response.headers["HX-Push-Url"] = here
    return response


def _previous(page: Page, base: str) -> str:
    """The address of the page before, if there is one; the first page's has no cursor."""
    if page.previous is None:
        return ""
    leads_to_first = page.first <= listing.PER_PAGE + 1
    return base + addresses.query(page.filter, page.sort, None if leads_to_first else page.previous)


@shop.get("/cars/<slug>", endpoint="show")
@pages.kept()
@from_replica
def show_car(slug: str) -> Response:
    """One car. The same page for everybody: it holds no token and no name."""
    car = get_shown(slug)
    photos, trail, related = detail.list_photos(car.id), _trail(car), detail.list_related(car)
    price_worth = worth.block(car)
    pages.keep([car.id, *(one.id for one in related), *(price_worth.car_ids if price_worth else ())])
    pages.until(clock.now() + _OTHERS_JOIN)
    return show(
        "catalogue/car.html",
        car=car,
        sold=car.status in SOLD,
        photos=photos,
        facts=details.facts(car),
        long_facts=[*details.long_facts(car), *_where(car)],
        steps=details.price_steps(detail.list_prices(car.id)) if car.price_cents else [],
        related=related,
        calculator=finance.calculator(car),
        worth=price_worth,
        trail=trail,
        described=described.car_page(car, photos, trail, g.profile),
    )


def _where(car: Car) -> list[tuple[str, str]]:
    """Where the car stands, once there are several places."""
    if not g.profile.locations:
        return []
    at = g.profile.place_at(places.find_location_id(car.id))
    return [(_("Where it stands"), ", ".join(filter(None, (at.name, at.address))))]


def _trail(car: Car) -> list[tuple[str, str]]:
    base = url_for(".browse")
    make = CarFilter(make=Choice((car.make_slug,)))
    model = make.with_("model", Choice((car.model_slug,)))
    steps = [(_("Cars"), base), (car.make, base + addresses.query(make))]
    return [*steps, (car.model, base + addresses.query(model))] if car.model_slug else steps


@shop.get("/sitemap.xml")
@pages.kept()
@from_replica
def sitemap() -> Response:
    """Every page worth finding, in every language; of many cars, where the parts are."""
    blocks = seo.list_blocks()
    if not blocks:
        return _named([*_pages(), *_cars(seo.list_addresses())])
    paths = [url_for(".sitemap_of_pages"), *(url_for(".sitemap_of_cars", block=block) for block in blocks)]
    return _xml(sitemaps.several(public_url(""), paths))


@shop.get("/sitemap-pages.xml")
@pages.kept()
def sitemap_of_pages() -> Response:
    """The part with all pages but those of single cars."""
    return _named(_pages())


@shop.get("/sitemap-<int(max=999999999):block>.xml")
@pages.kept()
@from_replica
def sitemap_of_cars(block: int) -> Response:
    """The part with the cars on sale of one block."""
    found = seo.list_addresses(block)
    if not found:
        raise NotFound(_("The car may have been sold, or the address has a typing error."))
    return _named(_cars(found))


def _pages() -> list[tuple[str, date | None]]:
    base = url_for(".browse")
    paths = [url_for(name) for name in (".home", ".browse", "leads.contact", "dealerships.privacy")]
    paths += [base + addresses.query(CarFilter(make=Choice((make,)))) for make in seo.list_makes()]
    return [(path, None) for path in paths]


def _cars(found: Sequence[tuple[str, date]]) -> list[tuple[str, date | None]]:
    base = url_for(".browse")
    return [(base + slug, changed) for slug, changed in found]


def _named(paths: Sequence[tuple[str, date | None]]) -> Response:
    prefixes = [(language, prefix_of(language)) for language in g.profile.languages]
    return _xml(sitemaps.sitemap(public_url(""), prefixes, paths))


def _xml(text: str) -> Response:
    return Response(text, mimetype="application/xml")


@shop.get("/robots.txt")
@pages.kept()
def robots() -> Response:
    """What robots should leave alone: pages of forms, the portal, other orders of the same cars."""
    pages.keep(car_ids=())
    return Response(render_template("catalogue/robots.txt", sitemap=public_url("/sitemap.xml")), mimetype="text/plain")


@shop.get("/favicon.ico")
def favicon() -> Response:
    """The icon's old address, which some browsers ask without being told."""
    return make_response(redirect(current_app.jinja_env.globals["asset"]("favicon.svg")))  # type: ignore[operator]  # ours
