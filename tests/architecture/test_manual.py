"""``make manual`` notices a clause without a test, and a test without a clause."""

import subprocess
import sys
from pathlib import Path

import pytest

from rulebook.numbers import NUMBERS
from rulebook.sops import CLAUSES

ROOT = Path(__file__).parents[2]

TABLE = """# Manual

| ID | Clause | Words of the manual | Issue |
|---|---|---|---|
| REP-1 | Write it down. | 「记录」 | 1 |
| REP-2 | By phone or letter. | 「电或来函」 | 1 |
| CMP-1 | Listen. | 「聆听」 | 2 |
| SRV-2b | Help. | 「协助」 | - |
"""
PROVED = """
import pytest

@pytest.mark.clause("REP-1")
def test_written():
    assert True

class TestChannels:
    pytestmark = pytest.mark.clause("REP-2", "SRV-2b")

    def test_phone(self):
        assert True
"""


@pytest.fixture
def manual(tmp_path):
    """``manual(tests=…, current=…)`` runs the script over a small manual: exit code and lines."""

    def run(tests=PROVED, table=TABLE, current=1):
        (tmp_path / "clauses.md").write_text(table, encoding="utf-8")
        folder = tmp_path / "tests/desk"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "test_desk.py").write_text(tests, encoding="utf-8")
        done = subprocess.run(
            [
                sys.executable, ROOT / "scripts/manual.py", "--clauses", tmp_path / "clauses.md",
                "--tests", tmp_path / "tests", "--current", str(current),
            ],
            capture_output=True, text=True, check=False, timeout=60, encoding="utf-8",
        )  # fmt: skip
        assert not done.stderr
        return done.returncode, done.stdout

    return run


def test_manual_with_every_due_clause_proved_passes(manual):
    code, listing = manual()
    assert code == 0
    assert "desk/test_desk.py::test_written" in listing
    assert "desk/test_desk.py::TestChannels::test_phone" in listing
    assert "4 clauses, 2 due up to issue 1, 2 proved" in listing


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('@pytest.mark.clause("REP-1")\n', "", "REP-1 has no test: Write it down."),
        ("def test_written", "def written", "REP-1 has no test"),
        ('clause("REP-1")', 'clause("REP-1")\n@pytest.mark.skip', "REP-1 has no test"),
        (
            'clause("REP-1")',
            'clause("REP-1", "REP-99")',
            "desk/test_desk.py::test_written names REP-99, which is no clause",
        ),
        ('"SRV-2b"', "OTHER", "names OTHER, which is no clause"),
    ],
)
def test_manual_that_is_broken_fails(manual, old, new, complaint):
    assert old in PROVED
    code, listing = manual(tests=PROVED.replace(old, new))
    assert code == 1
    assert complaint in listing


def test_manual_asks_for_the_next_issue_when_it_is_reached(manual):
    code, listing = manual(current=2)
    assert code == 1
    assert "CMP-1 has no test: Listen." in listing


@pytest.mark.parametrize(
    ("table", "complaint"),
    [("", "0 clauses"), (TABLE + TABLE.splitlines()[4], "REP-1 stands twice")],
)
def test_manual_whose_table_is_torn_fails(manual, table, complaint):
    code, listing = manual(table=table)
    assert code == 1
    assert complaint in listing


@pytest.fixture(scope="module")
def clauses():
    """ID → issue of docs/clauses.md, read from its tables independently of the script."""
    rows = (
        [cell.strip() for cell in line.strip("|\n").split("|")]
        for line in (ROOT / "docs/clauses.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and "-" in line.split("|")[1]
    )
    return {row[0]: (row[-1], row[2]) for row in rows}


def test_docs_hold_the_101_clauses(clauses):
    assert len(clauses) == 101
    assert all(
        words.startswith("「") and words.endswith("」") for _issue, words in clauses.values()
    )


def test_docs_ask_the_first_issue_for_repairs_and_first_contact(clauses):
    first = {id_ for id_, (issue, _words) in clauses.items() if issue == "1"}
    assert first == {f"REP-{number}" for number in range(1, 11)} | {
        "DUT-3", "MAN-1", "MAN-2", "MAN-3", "MAN-4", "MAN-8", "VIS-2", "ARC-2",
    }  # fmt: skip


def test_clauses_that_the_rulebook_names_exist(clauses):
    named = {id_ for number in NUMBERS for id_ in number.clauses}
    named |= {id_ for ids in CLAUSES.values() for id_ in ids}
    assert named <= set(clauses)
