"""Copy what the pages use out of the vendored packages: one stylesheet, one icon sprite."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ICON_TAG = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']""")
ICON_NAME = re.compile(r"""["']([a-z][a-z0-9]*(?:-[a-z0-9]+)*)["']""")
SKIPPED = {".venv", "var", "node_modules", "staticfiles", "migrations", "tests", ".git"}


def sources(*suffixes):
    for path in ROOT.rglob("*"):
        if path.suffix in suffixes and not SKIPPED & set(path.relative_to(ROOT).parts):
            yield path


def wanted_icons(known):
    """Names in ``{% icon %}`` tags, and any string in a line of Python or HTML that says icon."""
    names = set()
    for path in sources(".html"):
        names |= set(ICON_TAG.findall(path.read_text(encoding="utf-8")))
    missing = names - known
    if missing:
        print("no such icon:", ", ".join(sorted(missing)))
    for path in sources(".py", ".html"):
        if path.name == "build_vendor.py":
            continue
        text = path.read_text(encoding="utf-8")
        if "icon" in text.lower():
            names |= set(ICON_NAME.findall(text)) & known
    return sorted(names & known)


def symbol(modules, name):
    filled = name.endswith("-filled")
    folder, file = ("filled", name.removesuffix("-filled")) if filled else ("outline", name)
    svg = (modules / "@tabler/icons/icons" / folder / f"{file}.svg").read_text(encoding="utf-8")
    inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.S).group(1)
    inner = re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>")
    paint = (
        'fill="currentColor"'
        if filled
        else 'fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round"'
    )
    return f'<symbol id="{name}" viewBox="0 0 24 24" {paint}>{inner}</symbol>'


def main(modules):
    icons = modules / "@tabler/icons/icons"
    known = {path.stem for path in (icons / "outline").glob("*.svg")}
    known |= {f"{path.stem}-filled" for path in (icons / "filled").glob("*.svg")}
    names = wanted_icons(known)
    sprite = "\n".join(symbol(modules, name) for name in names)
    (ROOT / "static/icons.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg">\n{sprite}\n</svg>\n', encoding="utf-8"
    )
    css = (modules / "@tabler/core/dist/css/tabler.min.css").read_text(encoding="utf-8")
    css = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", css).rstrip() + "\n"
    vendor = ROOT / "static/vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    (vendor / "tabler.min.css").write_text(css, encoding="utf-8")
    licence = (modules / "@tabler/icons/LICENSE").read_text(encoding="utf-8")
    (vendor / "LICENSE").write_text(licence, encoding="utf-8")
    print(f"{len(names)} icons, {len(css) // 1024} KB of stylesheet")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
