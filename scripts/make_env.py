"""Writes `.env` with fresh secrets for a real installation, readable for its owner alone; never over one that is there.

    python3 scripts/make_env.py https://cars.example.com              for docker-compose.yml
    python3 scripts/make_env.py https://cars.example.com --systemd    for deploy/systemd

Needs only Python.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = """# Kroi's secrets: whoever reads this file can sign in as anybody. All settings: docs/settings.md.
PUBLIC_URL={url}
SECRET_KEY={secret}
DATABASE_PASSWORD={database}
REDIS_PASSWORD={redis}
# SMTP_URL=smtp://user:password@mail.example.com:587
# BACKUP_URL=s3://bucket/prefix
"""
SYSTEMD = """# Kroi's secrets: whoever reads this file can sign in as anybody. All settings: docs/settings.md.
KROI_ENV=production
KROI_INSTANCE=/var/lib/kroi
PUBLIC_URL={url}
SECRET_KEY={secret}
TRUSTED_PROXIES=1
DATABASE_PASSWORD={database}
DATABASE_URL=postgresql://kroi:{database}@127.0.0.1:6432/kroi
DIRECT_DATABASE_URL=postgresql://kroi:{database}@127.0.0.1:5432/kroi
REDIS_URL=redis://127.0.0.1:6379/0
# SMTP_URL=smtp://user:password@mail.example.com:587
# BACKUP_URL=s3://bucket/prefix
"""


def main(arguments: list[str] | None = None) -> int:
    """Exit code 0 when it was written, 1 when there is one."""
    parser = argparse.ArgumentParser(description="Write .env with fresh secrets.")
    parser.add_argument("url", help="the address that visitors type, with https://")
    parser.add_argument("--systemd", action="store_true", help="without containers")
    parser.add_argument("--into", type=Path, default=ROOT / ".env", metavar="FILE")
    asked = parser.parse_args(arguments)
    if not asked.url.startswith("https://"):
        parser.error("the address must start with https://")
    text = (SYSTEMD if asked.systemd else COMPOSE).format(
        url=asked.url.rstrip("/"), secret=secrets.token_urlsafe(48), database=secrets.token_urlsafe(24),
        redis=secrets.token_urlsafe(24),
    )  # fmt: skip
    try:
        with open(os.open(asked.into, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        print(f"{asked.into} is there already and stays as it is.", file=sys.stderr)
        return 1
    print(f"{asked.into} is written. Keep a copy where the backups are not.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
