"""Gets what the tests drive and pip cannot bring: Chromium, nginx, PgBouncer, Java, and the Nu HTML checker.

Installs by apt where it may (as root on Debian and its kin); otherwise says the line to run, and fails.
"""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKER = ROOT / ".venv" / "vnu" / "vnu.jar"
CHECKER_PACKAGE = "vnu-jar@26.9.27"
CHECKER_SHA512 = "TkQd5DFfOaWC9ebtvozTsrH2Vaod3jYg+vrOeREzIXxBexLz9+rS2DNtjn7+RPUiZhgli0SghgBX6RJRNea0KA=="
SERVERS = {"nginx": "nginx-light", "pgbouncer": "pgbouncer"}
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"  # where Debian puts servers
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Exit code 0 when everything is there."""
    needed = [] if find_browser() else ["chromium", "fonts-liberation"]
    needed += [package for program, package in SERVERS.items() if not shutil.which(program, path=PATH)]
    needed += [] if shutil.which("java") else ["default-jre-headless"]
    needed += [] if CHECKER.exists() or shutil.which("npm") else ["npm"]
    if needed and not install(needed):
        return 1
    if not CHECKER.exists():
        fetch_checker()
    return 0


def find_browser() -> str | None:
    """The browser that $CHROMIUM names, or the first on the PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in BROWSERS if (found := shutil.which(name))), None)


def install(packages: list[str]) -> bool:
    """Install Debian packages, or say how."""
    line = f"apt-get install -y {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"The tests need more than pip can bring. Please run: sudo {line}", file=sys.stderr)
        return False
    print(f"Installing {', '.join(packages)} …")
    return apt("update") and apt("install", "-y", *packages)


def apt(*arguments: str) -> bool:
    """Run apt-get without questions; did it work?"""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    ran = subprocess.run(["apt-get", "-qq", *arguments], check=False, stdout=subprocess.DEVNULL, env=environment)
    return ran.returncode == 0


def fetch_checker() -> None:
    """The pinned checker from the npm registry, refused when its bytes are not those that were pinned."""
    print(f"Fetching {CHECKER_PACKAGE} …")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", CHECKER_PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if digest != CHECKER_SHA512:
            raise SystemExit(f"{CHECKER_PACKAGE} is not what was pinned: sha512-{digest}")
        CHECKER.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive) as tar:
            member = tar.extractfile("package/build/dist/vnu.jar")
            assert member is not None
            CHECKER.write_bytes(member.read())


if __name__ == "__main__":
    sys.exit(main())
