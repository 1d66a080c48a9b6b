"""The demo dealership on a running server, one for the whole test run, and every type of page that it has."""

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.support import run
from tests.support.server import Server

SHOPPER, SALES, OWNER = "shopper", "sales", "owner"


@dataclass(frozen=True)
class Site:
    """Where the demo answers, who may sign in (role to e-mail and password), and its database file."""

    url: str
    logins: dict[str, tuple[str, str]]
    database: Path

    def one(self, query: str) -> str:
        """The first value of a query, as text for an address."""
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            found = connection.execute(query).fetchone()
        finally:
            connection.close()
        assert found is not None, f"the demo has nothing for: {query}"
        return str(found[0])


@dataclass(frozen=True)
class PageType:
    """A type of page: `path` may name a value that `query` finds."""

    name: str
    path: str
    who: str = SHOPPER
    query: str = ""
    status: int = 200

    def address(self, site: Site) -> str:
        """The path on this site."""
        return self.path.format(site.one(self.query)) if self.query else self.path


def _car(condition: str) -> str:
    return f"SELECT slug FROM cars WHERE {condition} ORDER BY photo_count DESC, id"


def _several(condition: str) -> str:
    """Four cars as parameters of an address."""
    some = f"SELECT slug FROM cars WHERE {condition} ORDER BY status DESC, id LIMIT 4"
    return f"SELECT group_concat('car=' || slug, '&') FROM ({some})"


AVAILABLE = _car("status = 'available' AND price_cents > 0")
BUSY_LEAD = "SELECT lead_id FROM activities GROUP BY lead_id ORDER BY count(*) DESC, lead_id"

PAGES = (
    PageType("home", "/"),
    PageType("listing", "/cars/"),
    PageType("listing-filtered", "/cars/?make={0}&fuel=petrol&sort=price", query="SELECT make_slug FROM cars"),
    PageType("listing-empty", "/cars/?max_price=1"),
    PageType("car", "/cars/{0}", query=AVAILABLE),
    PageType("car-reserved", "/cars/{0}", query=_car("status = 'reserved'")),
    PageType("car-on-request", "/cars/{0}", query=_car("status = 'available' AND price_cents = 0")),
    PageType("car-without-photo", "/cars/{0}", query=_car("status = 'available' AND photo_count = 0")),
    PageType("car-arriving", "/cars/{0}", query=_car("status = 'available' AND arriving")),
    PageType("car-sold", "/cars/{0}", query=_car("status = 'sold'")),
    PageType("car-withdrawn", "/cars/{0}", query=_car("status = 'withdrawn'"), status=410),
    PageType("sheet", "/cars/{0}/print", query=AVAILABLE),
    PageType("favourites", "/favourites"),
    PageType("favourites-sent", "/favourites?{0}", query=_several("status IN ('available', 'sold')")),
    PageType("compare", "/compare?{0}", query=_several("status = 'available' AND price_cents > 0")),
    PageType("compare-sold", "/compare?{0}", query=_several("status IN ('available', 'sold')")),
    PageType("compare-one", "/compare?car={0}", query=AVAILABLE),
    PageType("compare-none", "/compare"),
    PageType("recent", "/recent?{0}", query=_several("status = 'available'")),
    PageType("car-compared", "/cars/{0}", query=_car("status = 'available' AND model_slug = 'a6'")),
    PageType("finance", "/cars/{0}/finance", query=AVAILABLE),
    PageType("ask", "/cars/{0}/inquiry", query=AVAILABLE),
    PageType("ask-thanks", "/cars/{0}/inquiry/thanks", query=AVAILABLE),
    PageType("contact", "/contact"),
    PageType("contact-thanks", "/contact/thanks"),
    PageType("privacy", "/privacy"),
    PageType("not-found", "/cars/volvo-v60-0", status=404),
    PageType("sign-in", "/staff/sign-in"),
    PageType("today", "/staff/", OWNER),
    PageType("inbox", "/staff/leads/", OWNER),
    PageType("inbox-empty", "/staff/leads/?q=nobodyiscalledthis", OWNER),
    PageType("lead", "/staff/leads/{0}", OWNER, BUSY_LEAD),
    PageType("lead-new", "/staff/leads/{0}", SALES, "SELECT id FROM leads WHERE status = 'new' ORDER BY id DESC"),
    PageType("stock", "/staff/cars/", OWNER),
    PageType("car-new", "/staff/cars/new", OWNER),
    PageType("editor", "/staff/cars/{0}", OWNER, AVAILABLE.replace("slug", "id", 1)),
    PageType("editor-draft", "/staff/cars/{0}", OWNER, _car("status = 'draft'").replace("slug", "id", 1)),
    PageType("car-read-only", "/staff/cars/{0}", SALES, AVAILABLE.replace("slug", "id", 1)),
    PageType("scoring", "/staff/scoring/", OWNER),
    PageType("scoring-draft", "/staff/scoring/draft", OWNER),
    PageType("lead-score", "/staff/leads/{0}/score", OWNER, BUSY_LEAD),
    PageType("users", "/staff/users/", OWNER),
    PageType("user", "/staff/users/{0}", OWNER, "SELECT id FROM users WHERE role = 'sales'"),
    PageType("operations", "/staff/operations/", OWNER),
    PageType("database", "/staff/operations/database", OWNER),
    PageType("profile", "/staff/profile", SALES),
    PageType("forbidden", "/staff/users/", SALES, status=403),
    PageType("staff-not-found", "/staff/leads/0", OWNER, status=404),
)


_served: list[Server] = []  # kept, or Python complains that their processes outlive them


def make(folder: Path) -> tuple[Site, Server]:
    """A fresh demo in `folder`, served."""
    server = Server(folder, "sqlite")
    server.flask("demo", "load")
    server.start()
    found = json.loads((folder / "demo-logins.json").read_text(encoding="utf-8"))
    logins = {each["role"]: (each["email"], each["password"]) for each in found}
    return Site(server.url, logins, folder / "kroi.sqlite3"), server


def shared() -> Site:
    """The demo of this run, made by whichever process asks first. Look only; who changes things makes a server."""
    folder = run.folder() / "demo"
    note = run.folder() / "demo.json"
    with run.alone("demo"):
        if not note.exists():
            folder.mkdir()
            site, server = make(folder)
            _served.append(server)
            for pid in server.pids:
                run.ends_with_run(pid)
            note.write_text(json.dumps({"url": site.url, "logins": site.logins}), encoding="utf-8")
    said = json.loads(note.read_text(encoding="utf-8"))
    return Site(said["url"], {role: tuple(login) for role, login in said["logins"].items()}, folder / "kroi.sqlite3")


def sign_in(browser: Browser, site: Site, role: str) -> dict[str, object]:
    """The cookies of somebody signed in, for `browser.new_context(storage_state=…)`."""
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/staff/sign-in")
    email, password = site.logins[role]
    page.fill("[name=email]", email)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/staff/")
    state = context.storage_state()
    context.close()
    return dict(state)
