"""A number that nobody reads is a promise that nobody keeps: each is read, or its page says why not."""

import re
from pathlib import Path

import pytest

from rulebook.numbers import NUMBERS

ROOT = Path(__file__).resolve().parents[2]
# Rooms that put a key together of its topic and what they are at.
PUT_TOGETHER = (
    ("appraisal/schemes.py", r"appraisal\..+"),
    ("complaints/analysis.py", r"complaints\.(handled|satisfied)_target"),
)


@pytest.fixture(scope="module")
def sources():
    """The text of every module and template that is not a test or the tables themselves."""
    rooms = [folder for folder in ROOT.iterdir() if (folder / "apps.py").exists()]
    files = [path for room in [*rooms, ROOT / "yamei"] for path in room.rglob("*.py")]
    files = [
        path for path in files if "numbers" not in path.parts and "migrations" not in path.parts
    ]
    files += (ROOT / "templates").rglob("*.html")
    return {str(path.relative_to(ROOT)): path.read_text() for path in files}


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.key)
def test_number_is_read_or_says_that_it_is_not(number, sources):
    written = re.compile(rf"""["']{re.escape(number.key)}["']""")
    is_read = any(written.search(text) for text in sources.values()) or any(
        re.fullmatch(keys, number.key) for _file, keys in PUT_TOGETHER
    )
    assert is_read != bool(number.unread)


@pytest.mark.parametrize(("file", "keys"), PUT_TOGETHER)
def test_keys_put_together_are_still_put_together_there(file, keys, sources):
    topic = keys.partition("\\")[0]
    assert f'f"{topic}.' in sources[file]
