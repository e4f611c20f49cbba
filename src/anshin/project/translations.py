"""Whether every sentence of the code has its Japanese, room by room; for `anshin check` and `anshin messages`.

A Django app owns the sentences of its Python files and templates and keeps them in its own `locale/`; an app nested in
it owns its own. Sentences of Python files are read from their syntax tree (xgettext does not look into f-strings),
those of templates by xgettext after Django has turned them into something like Python.
"""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ANSHIN = Path(__file__).resolve().parents[1]
CATALOGUE = Path("locale", "ja", "LC_MESSAGES", "django.po")
KEYWORDS = ("_", "pgettext:1c,2", "npgettext:1c,2,3")
PLACES = {"gettext": (-1, 0, -1), "ngettext": (-1, 0, 1), "pgettext": (0, 1, -1), "npgettext": (0, 1, 2)}
"""Which arguments of a function are context, sentence and plural; -1 for none."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
MARKED = re.compile(r"\bfrom django\.utils\.translation import .*gettext")
HEADER = (
    '#\nmsgid ""\nmsgstr ""\n"Project-Id-Version: Anshin\\n"\n"Language: ja\\n"\n"MIME-Version: 1.0\\n"\n'
    '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
    '"Plural-Forms: nplurals=1; plural=0;\\n"\n'
)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the code: its context, its plural and the file in which it stands."""

    context: str
    text: str
    plural: str
    file: str

    @property
    def key(self) -> Key:
        return self.context, self.text


def report() -> bool:
    """Say on stderr what lacks or has a wrong translation. True when nothing does, or when xgettext is missing."""
    if shutil.which("xgettext") is None:
        sys.stderr.write("  xgettext is not installed (Debian: gettext); translations were not checked.\n")
        return True
    troubles = [line for room in owners() for line in _troubles(room)]
    troubles += [f"{path.relative_to(ANSHIN)} belongs to no app, so nobody translates it" for path in _homeless()]
    troubles += _clashes()
    for line in troubles:
        sys.stderr.write(f"  {line}\n")
    return not troubles


def update(*, drop_unused: bool = False) -> int:
    """Add an empty entry for each sentence that has none; with `drop_unused` remove those of vanished sentences.

    The number of entries added. Raises FileNotFoundError when xgettext is missing.
    """
    added = 0
    for room in owners():
        catalogue = room / CATALOGUE
        found = sentences(room)
        known = _entries(catalogue)
        missing = [each for key, each in found.items() if key not in known]
        if missing:
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            before = catalogue.read_text(encoding="utf-8") if catalogue.exists() else HEADER
            catalogue.write_text(before.rstrip("\n") + "\n" + "".join(map(_empty_entry, missing)), encoding="utf-8")
            added += len(missing)
        if drop_unused:
            _drop_unused(catalogue, set(found))
    return added


def owners() -> list[Path]:
    """Folders that own sentences: Django's apps, since Django reads catalogues nowhere else."""
    return sorted(path.parent for path in ANSHIN.rglob("apps.py"))


def sentences(room: Path) -> dict[Key, Sentence]:
    """The sentences of a room, nested owners left out."""
    nested = [other for other in owners() if other != room and other.is_relative_to(room)]

    def is_ours(path: Path) -> bool:
        return not any(path.is_relative_to(other) for other in nested) and "migrations" not in path.parts

    python = [path for path in sorted(room.rglob("*.py")) if is_ours(path)]
    templates = [path for path in sorted(room.rglob("templates/**/*.*")) if path.is_file() and is_ours(path)]
    with tempfile.TemporaryDirectory() as folder:
        found = [*_from_python(room, python), *_from_templates(room, templates, Path(folder))]
    return {sentence.key: sentence for sentence in reversed(found)}


def _homeless() -> list[Path]:
    """Python files outside every app that hold sentences."""
    rooms = owners()
    outside = (path for path in ANSHIN.rglob("*.py") if not any(path.is_relative_to(room) for room in rooms))
    return sorted(path for path in outside if MARKED.search(path.read_text(encoding="utf-8")))


def _from_python(room: Path, files: Iterable[Path]) -> Iterator[Sentence]:
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (sentence := _spoken(node, str(path.relative_to(room)))):
                yield sentence


def _spoken(call: ast.Call, file: str) -> Sentence | None:
    """The sentence of a call of gettext and its kin; None for other calls and for computed texts."""
    name: str = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
    kind = "gettext" if name == "_" else name.removesuffix("_lazy").removesuffix("_noop")
    if kind not in PLACES:
        return None
    texts = [part.value if isinstance(part, ast.Constant) else None for part in call.args]
    context, text, plural = (texts[place] if 0 <= place < len(texts) else "" for place in PLACES[kind])
    if not isinstance(text, str) or not text or not isinstance(context, str) or not isinstance(plural, str):
        return None
    return Sentence(context, text, plural, file)


def _from_templates(room: Path, files: list[Path], folder: Path) -> Iterator[Sentence]:
    from django.utils.translation.template import templatize

    for path in files:
        copy = folder / path.relative_to(room)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(templatize(path.read_text(encoding="utf-8")), encoding="utf-8")
    if not files:
        return
    names = "\n".join(str(path.relative_to(room)) for path in files)
    keywords = [f"--keyword={word}" for word in KEYWORDS]
    command = ["xgettext", "--language=Python", "--from-code=UTF-8", *keywords, "--files-from=-", "--output=-"]
    done = subprocess.run(command, cwd=folder, input=names, capture_output=True, text=True, check=True)
    for entry in _parsed(done.stdout):
        yield Sentence(entry.msgctxt or "", entry.msgid, entry.msgid_plural, entry.occurrences[0][0])


def _parsed(text: str) -> Iterable[Any]:
    import polib

    return list(polib.pofile(text.replace("charset=CHARSET", "charset=UTF-8"))) if text else []


def _entries(catalogue: Path) -> dict[Key, Any]:
    if not catalogue.exists():
        return {}
    import polib

    return {(entry.msgctxt or "", entry.msgid): entry for entry in polib.pofile(str(catalogue)) if not entry.obsolete}


def _troubles(room: Path) -> Iterator[str]:
    known, found = _entries(room / CATALOGUE), sentences(room)
    name = room.relative_to(ANSHIN)
    for key, sentence in found.items():
        if key not in known:
            yield f"{name}: no entry for “{sentence.text}” ({sentence.file})"
    for key, entry in known.items():
        if key not in found:
            yield f"{name}: nothing says “{entry.msgid}” any more"
        elif "fuzzy" in entry.flags:
            yield f"{name}: the translation of “{entry.msgid}” is marked as doubtful"
        elif not all(_translations(entry)):
            yield f"{name}: “{entry.msgid}” has no Japanese"
        elif not _fits(entry):
            yield f"{name}: other placeholders in the Japanese of “{entry.msgid}”"


def _translations(entry: Any) -> list[str]:
    return list(entry.msgstr_plural.values()) or [""] if entry.msgid_plural else [entry.msgstr]


def _fits(entry: Any) -> bool:
    """The Japanese has the placeholders of the English; one form stands for all numbers, so the plural counts."""
    wanted = sorted(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    return all(sorted(PLACEHOLDER.findall(text)) == wanted for text in _translations(entry))


def _clashes() -> Iterator[str]:
    """One sentence, two translations: Django shows the same one in every room, so the other is never seen."""
    told: dict[Key, tuple[Path, str]] = {}
    for room in owners():
        for key, entry in _entries(room / CATALOGUE).items():
            first = told.setdefault(key, (room, _translations(entry)[0]))
            if first[1] != _translations(entry)[0]:
                names = first[0].relative_to(ANSHIN), room.relative_to(ANSHIN)
                yield f"“{entry.msgid}” is “{first[1]}” in {names[0]} and “{_translations(entry)[0]}” in {names[1]}"


def _empty_entry(sentence: Sentence) -> str:
    lines = ["", f"#: {sentence.file}"]
    if "%(" in sentence.text or "%(" in sentence.plural:
        lines.append("#, python-format")
    if sentence.context:
        lines.append(f"msgctxt {_quoted(sentence.context)}")
    lines.append(f"msgid {_quoted(sentence.text)}")
    if sentence.plural:
        lines += [f"msgid_plural {_quoted(sentence.plural)}", 'msgstr[0] ""']
    else:
        lines.append('msgstr ""')
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _drop_unused(catalogue: Path, wanted: set[Key]) -> None:
    if not catalogue.exists():  # a room that says nothing
        return
    import polib

    found = polib.pofile(str(catalogue), wrapwidth=0)
    unused = [entry for entry in found if entry.obsolete or (entry.msgctxt or "", entry.msgid) not in wanted]
    for entry in unused:
        found.remove(entry)
    if unused:
        found.save()
