"""What is sent says the same as what was written, only shorter."""

import gzip
import re
from pathlib import Path

import pytest

from kroi.web import slim
from tests.support import source

MOST_SCRIPT = 18_500  # bytes of a public page's scripts, gzipped
SHEETS = [path for path in source.tracked() if path.suffix == ".css"]
SCRIPTS = [path for path in source.tracked() if path.suffix == ".js" and "vendor" not in path.parts]


def test_a_sheet_keeps_its_rules_and_loses_the_air() -> None:
    written = b"@layer a {\n  /* why */\n  .b > c, .d :is(e) { color: red; inset: 0 auto; }\n}\n"
    assert slim.css(written) == b"@layer a{.b > c,.d :is(e){color:red;inset:0 auto}}"


def test_a_script_keeps_its_lines_and_loses_remarks() -> None:
    assert (
        slim.js(b"// why\n{\n  const a = 1; // kept\n\n  go(`/${a}`);\n}\n")
        == b"{\nconst a=1; // kept\ngo(`/${a}`);\n}"
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=str)
def test_a_scripts_texts_stay_as_they_are(path: Path) -> None:
    written = (source.ROOT / path).read_bytes()
    code = b"\n".join(line for line in written.splitlines() if not line.strip().startswith(b"//"))
    texts = re.compile(rb"\"[^\"\n]*\"|`[^`\n]*`")
    assert texts.findall(slim.js(written)) == texts.findall(code)


def test_the_storefronts_own_scripts_fit_beside_htmx() -> None:
    folder = source.ROOT / "static"
    own = b"\n".join(
        slim.js((folder / path.relative_to("static")).read_bytes())
        for path in sorted(SCRIPTS)
        if path.parts[2] in ("common", "shop")
    )
    htmx = (folder / "vendor" / "htmx.min.js").read_bytes()
    assert len(gzip.compress(own, mtime=0)) + len(gzip.compress(htmx, mtime=0)) <= MOST_SCRIPT


@pytest.mark.parametrize("path", SHEETS, ids=str)
def test_no_quoted_words_of_a_sheet_would_change(path: Path) -> None:
    words = re.findall(r'"[^"\n]*"', re.sub(r"(?s)/\*.*?\*/", "", source.text(path)))
    assert [each for each in words if slim.css(each.encode()) != each.encode()] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=str)
def test_no_text_of_a_script_runs_over_several_lines(path: Path) -> None:
    lines = source.text(path).splitlines()
    assert [line for line in lines if line.count("`") % 2 or line.endswith("\\")] == []
