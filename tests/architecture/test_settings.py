"""Every setting is documented, and nothing is documented that is not a setting."""

import re

from kroi.core.config import READERS
from tests.support import source


def test_the_settings_page_lists_exactly_the_settings_there_are() -> None:
    page = (source.ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([A-Z][A-Z_]+)`", "\n".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE))))
    assert documented == {name.upper() for name in READERS} | {"KROI_INSTANCE"}
