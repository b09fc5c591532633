"""The English catalogue: complete, with the same placeholders, compiled as committed.

``catalogue.py`` checks and exits 1 with a list; ``catalogue.py --compile`` writes the .mo first.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
PLACES = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")
IGNORED = (".venv", "var", "staticfiles", "tests", "bench")


def problems(catalogue: polib.POFile) -> list[str]:
    """What is wrong with the entries themselves."""
    found = []
    for entry in catalogue:
        if entry.obsolete:
            continue
        forms = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        if entry.fuzzy or not all(forms):
            found.append(f"not translated: {entry.msgid!r}")
        elif any(
            sorted(PLACES.findall(entry.msgid)) != sorted(PLACES.findall(form))
            for form in forms
            if not entry.msgid_plural
        ):
            found.append(f"other placeholders: {entry.msgid!r} → {entry.msgstr!r}")
        elif any(re.search(r"[\u4e00-\u9fff]", form) for form in forms) and (
            entry.msgctxt != "chinese kept"
        ):
            found.append(f"Chinese left in: {entry.msgid!r} → {entry.msgstr!r}")
    return found


def missing_strings(catalogue: polib.POFile) -> list[str]:
    """Strings of the code that the committed catalogue does not hold."""
    if not shutil.which("xgettext"):
        print(
            "  xgettext is not installed (apt-get install gettext): new strings are not looked for"
        )
        return []
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "django.po"
        shutil.copy(PO, kept)
        try:
            ignore = [part for name in IGNORED for part in ("-i", name)]
            subprocess.run(
                [
                    sys.executable,
                    "manage.py",
                    "makemessages",
                    "-l",
                    "en",
                    "--no-location",
                    "--no-obsolete",
                    *ignore,
                ],
                cwd=ROOT,
                check=True,
                capture_output=True,
            )
            fresh = polib.pofile(str(PO))
        finally:
            shutil.copy(kept, PO)
    have = {(entry.msgctxt, entry.msgid) for entry in catalogue}
    return [
        f"not in the catalogue (make messages): {entry.msgid!r}"
        for entry in fresh
        if (entry.msgctxt, entry.msgid) not in have
    ]


def main() -> int:
    catalogue = polib.pofile(str(PO))
    if "--compile" in sys.argv:
        catalogue.save_as_mofile(str(MO))
    found = problems(catalogue) + missing_strings(catalogue)
    compiled = {
        (e.msgctxt, e.msgid): (e.msgstr, dict(e.msgstr_plural)) for e in polib.mofile(str(MO))
    }
    stated = {
        (e.msgctxt, e.msgid): (e.msgstr, dict(e.msgstr_plural)) for e in catalogue if e.translated()
    }
    if not found and compiled != stated:
        found.append("the compiled catalogue is older than the text: make messages")
    for line in found:
        print("  " + line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
