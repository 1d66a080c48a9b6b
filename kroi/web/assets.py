"""Static files under names that hold their hash: cached for ever, compressed once, no build step to remember.

At start the files of `static/` are copied into `instance/assets/<hash>/` with `.br` and `.gz` beside them; the style
sheets and scripts of a folder become one bundle, without what only people read. WhiteNoise serves the copy.
"""

import gzip
import hashlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from wsgiref.headers import Headers

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from kroi.web import slim
from kroi.web.headers import HEADERS

BUNDLES = {  # bundle: folders whose files it joins, in this order
    "shop.css": ("css/common", "css/shop"),
    # Beside the shop's, on the pages that need them: the listing has few bytes to spare.
    "car.css": ("css/car", "css/asking"),
    "asking.css": ("css/asking",),
    "choosing.css": ("css/choosing",),
    "print.css": ("css/common", "css/print"),
    "portal.css": ("css/common", "css/portal"),
    "shop.js": ("js/common", "js/shop"),
    "portal.js": ("js/common", "js/portal"),
}
_FIRST = "layers.css"  # declares the order of the cascade, so it leads
_URL = re.compile(rb'url\("/static/([^"]+)"\)')
_COMPRESSIBLE = {".css", ".js", ".svg", ".txt", ".webmanifest"}


def install(app: Flask, static: Path, instance: Path) -> None:
    """Serve `static` under hashed names and give templates `asset(name)`."""
    files = _collect(static)
    names = {name: _hashed(name, body) for name, body in files.items() if not name.endswith(".css")}
    for name in [name for name in files if name.endswith(".css")]:
        files[name] = _URL.sub(lambda found: _link(names, found.group(1).decode()), files[name])
        names[name] = _hashed(name, files[name])
    folder = _write({names[name]: body for name, body in files.items()}, instance / "assets")
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # Flask's way
        app.wsgi_app,
        root=folder,
        prefix="static/",
        immutable_file_test=lambda path, url: True,
        add_headers_function=_add_headers,
        mimetypes={".webmanifest": "application/manifest+json"},
    )
    app.jinja_env.globals["asset"] = _finder(names)


def _finder(names: dict[str, str]) -> Callable[[str], str]:
    def asset(name: str) -> str:
        """The address of a static file; raises KeyError for one that does not exist."""
        return f"/static/{names[name]}"

    return asset


def _collect(static: Path) -> dict[str, bytes]:
    files = {
        str(path.relative_to(static)): path.read_bytes()
        for path in sorted(static.rglob("*"))
        if path.is_file() and not str(path.relative_to(static)).startswith(("css/", "js/"))
    }
    for bundle, folders in BUNDLES.items():
        files[bundle] = b"\n".join(body for folder in folders for body in _parts(static / folder))
    return files


def _parts(folder: Path) -> list[bytes]:
    paths = sorted(folder.glob("*.*"), key=lambda path: (path.name != _FIRST, path.name))
    return [(slim.css if path.suffix == ".css" else slim.js)(path.read_bytes()) for path in paths]


def _hashed(name: str, body: bytes) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}.{hashlib.blake2b(body, digest_size=6).hexdigest()}{dot}{suffix}"


def _link(names: dict[str, str], name: str) -> bytes:
    return f'url("/static/{names[name]}")'.encode()


def _write(files: dict[str, bytes], root: Path) -> Path:
    """The folder with these files; made beside and moved into place, since several workers start at once."""
    digest = hashlib.blake2b("".join(sorted(files)).encode(), digest_size=6).hexdigest()
    folder, draft = root / digest, root / f"{digest}.{os.getpid()}"
    if folder.exists():
        return folder
    for name, body in files.items():
        path = draft / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        if path.suffix in _COMPRESSIBLE:
            Path(f"{path}.br").write_bytes(brotli.compress(body))
            Path(f"{path}.gz").write_bytes(gzip.compress(body, mtime=0))
    try:
        draft.rename(folder)
    except OSError:  # another worker was first
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _add_headers(headers: Headers, path: str, url: str) -> None:
    for name, value in HEADERS.items():
        headers[name] = value
