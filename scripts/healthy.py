"""Asks a web server whether it is well, or waits until it is: for systemd, containers and upgrades. Needs only Python.

    scripts/healthy.py http://127.0.0.1:8000/api/health --within 60

Exit code 0: it answers, healthy or degraded. 1: it does not.
"""

import argparse
import sys
import time
import urllib.error
import urllib.request

_BETWEEN = 0.2  # seconds between tries while nobody listens
_BETWEEN_ANSWERS = 2.0  # it takes no more than one question a second from one address


def main(arguments: list[str] | None = None) -> int:
    """Ask once, or again and again for as long as may be waited."""
    parser = argparse.ArgumentParser(description="Is this web server well?")
    parser.add_argument("url")
    parser.add_argument("--within", type=float, default=0.0, metavar="SECONDS", help="wait for it; else ask once")
    asked = parser.parse_args(arguments)
    until = time.monotonic() + asked.within
    while (found := ask(asked.url)) is not None:
        status, pause = found
        if time.monotonic() + pause > until:
            print(f"{asked.url} is not well: {status}", file=sys.stderr)
            return 1
        time.sleep(pause)
    return 0


def ask(url: str) -> tuple[str, float] | None:
    """`None` when it is well, else what is the matter and how many seconds to leave it alone."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return None
    except urllib.error.HTTPError as error:
        error.close()
        return f"it answers {error.code}", _BETWEEN_ANSWERS
    except OSError as error:
        return f"it does not answer ({error})", _BETWEEN


if __name__ == "__main__":
    sys.exit(main())
