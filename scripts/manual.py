"""Every clause of the manual with the tests that prove it.

``make manual`` lists docs/clauses.md beside the ``@pytest.mark.clause`` markers under tests/ and
exits 1 when an issue that has been reached asks for a clause without a test, or when a test
names a clause that does not exist. Tests marked as skipped prove nothing.
"""

import argparse
import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CURRENT = 4
ROW = re.compile(r"^\|\s*([A-Z]{3}-\d+[a-z]?)\s*\|(.*)\|\s*(\d+|-)\s*\|\s*$")


@dataclass(frozen=True)
class Clause:
    """One row of docs/clauses.md; ``issue`` is None where no issue asks for it yet."""

    id: str
    text: str
    issue: int | None

    def is_due(self, current: int) -> bool:
        return self.issue is not None and self.issue <= current


def read_clauses(path: Path) -> list[Clause]:
    """The clauses in the order of the file."""
    clauses = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if row := ROW.match(line):
            text = row[2].split("|")[0].strip()
            clauses.append(Clause(row[1], text, None if row[3] == "-" else int(row[3])))
    return clauses


def read_tests(folder: Path) -> dict[str, list[str]]:
    """Clause ID → the tests that name it, as ``repairs/test_dispatch.py::test_late``."""
    proofs: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("test_*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
        for name, ids in _proofs(module.body, _marks_of_body(module.body)):
            for clause in ids:
                proofs[clause].append(f"{path.relative_to(folder).as_posix()}::{name}")
    return proofs


def problems(clauses: list[Clause], proofs: dict[str, list[str]], current: int) -> list[str]:
    """What is wrong, one line each; empty when every clause that is due has its tests."""
    known = [clause.id for clause in clauses]
    found = [
        f"{id_} stands twice" for id_ in sorted({id_ for id_ in known if known.count(id_) > 1})
    ]
    found += [
        f"{clause.id} has no test: {clause.text}"
        for clause in clauses
        if clause.is_due(current) and not proofs.get(clause.id)
    ]
    found += [
        f"{test} names {id_}, which is no clause"
        for id_, tests in sorted(proofs.items())
        if id_ not in known
        for test in tests
    ]
    return found


def _proofs(body: list[ast.stmt], inherited: set[str]) -> Iterator[tuple[str, set[str]]]:
    """(test name, clause IDs) of the tests among ``body``, classes included."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        own = inherited | _marks(node.decorator_list)
        if any(_is_mark(each, "skip") for each in node.decorator_list):
            continue
        if isinstance(node, ast.ClassDef):
            if node.name.startswith("Test"):
                for name, ids in _proofs(node.body, own | _marks_of_body(node.body)):
                    yield f"{node.name}::{name}", ids
        elif node.name.startswith("test"):
            yield node.name, own


def _marks_of_body(body: list[ast.stmt]) -> set[str]:
    """IDs in ``pytestmark = …`` of a module or class."""
    return _marks(
        [
            node.value
            for node in body
            if isinstance(node, ast.Assign)
            and any(isinstance(to, ast.Name) and to.id == "pytestmark" for to in node.targets)
        ]
    )


def _marks(nodes: list[ast.expr]) -> set[str]:
    """IDs of the ``pytest.mark.clause("…")`` calls within; also those inside pytest.param."""
    return {
        str(argument.value) if isinstance(argument, ast.Constant) else ast.unparse(argument)
        for node in nodes
        for call in ast.walk(node)
        if isinstance(call, ast.Call) and _is_mark(call, "clause")
        for argument in call.args
    }


def _is_mark(node: ast.expr, name: str) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    return ast.unparse(called).endswith(f"mark.{name}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clauses", type=Path, default=ROOT / "docs/clauses.md")
    parser.add_argument("--tests", type=Path, default=ROOT / "tests")
    parser.add_argument("--current", type=int, default=CURRENT)
    options = parser.parse_args(arguments)
    clauses, proofs = read_clauses(options.clauses), read_tests(options.tests)
    for clause in clauses:
        tests = proofs.get(clause.id, [])
        due = "due" if clause.is_due(options.current) else f"issue {clause.issue or '-'}"
        print(f"{clause.id:7} {due:8} {clause.text}")
        for test in tests:
            print(f"{'':16} {test}")
    due = [clause for clause in clauses if clause.is_due(options.current)]
    proved = sum(bool(proofs.get(clause.id)) for clause in due)
    print(
        f"\n{len(clauses)} clauses, {len(due)} due up to issue {options.current}, {proved} proved"
    )
    found = problems(clauses, proofs, options.current)
    for line in found:
        print(f"  {line}")
    return 1 if found or not clauses else 0


if __name__ == "__main__":
    sys.exit(main())
