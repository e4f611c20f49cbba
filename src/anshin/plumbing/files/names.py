"""Names of files as strangers give them, made harmless for screens, downloads and mails."""

import re
import unicodedata

LONGEST_NAME = 120
"""Characters, including the ending."""
LONGEST_NAME_BYTES = 240
"""In UTF-8; most file systems take 255."""
NAMELESS = "file"
_LONGEST_ENDING = 10
_TURNING = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Characters that turn the direction of writing or are not seen; the joiners stay, scripts and emoji need them."""
_PATH = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
"""Source: Microsoft, "Naming Files, Paths, and Namespaces", read 2026-11-22."""
_RUNS = re.compile(
    r"ade|adp|app|apk|appx|asp|bat|cgi|chm|cmd|com|cpl|dll|dmg|exe|hta|htm|html|inf|"
    r"ins|iso|jar|js|jse|lnk|mht|mhtml|msc|msi|msix|msp|mst|php|pif|pl|ps1|py|reg|scr|"
    r"sct|sh|shtml|svg|swf|vb|vbe|vbs|wsf|wsh|xht|xhtml|xll|xml"
)


def harmless_name(name: str) -> str:
    """`name` as it may be shown, sent and saved; never empty.

    Only the last part of a path remains. Control characters and those that turn the direction of writing go, so
    that a name with U+202E shows what it is. An ending that runs, in front of the last one, loses its dot
    ("photo.exe.jpg" becomes "photo_exe.jpg"). Characters of any script stay, 𠮷 and emoji too. What is too long is
    cut before its ending.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name).rstrip("/\\"))[-1]
    clean = "".join(c for c in _TURNING.sub("", last) if unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"})
    clean = _PATH.sub("_", " ".join(clean.split())).strip(" .")
    stem, ending = _parts(_one_ending(clean))
    if _RESERVED.fullmatch(stem.split(".")[0].strip()):
        stem = f"_{stem}"
    return _cut(stem or NAMELESS, ending)


def ending_of(name: str) -> str:
    """The ending in small letters without its dot; "" when there is none."""
    return _parts(name)[1].lstrip(".").lower()


def runs_when_opened(name: str) -> bool:
    """Whether a computer would run, or a browser render, a file of this name when somebody double-clicks it."""
    return bool(_RUNS.fullmatch(ending_of(harmless_name(name))))


def _one_ending(name: str) -> str:
    *front, last = name.split(".")
    if not front:
        return last
    joined = front[0]
    for part in front[1:]:
        joined += f"_{part}" if _RUNS.fullmatch(part.strip().lower()) else f".{part}"
    return f"{joined}.{last.strip()}"


def _parts(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or not 0 < len(ending) <= _LONGEST_ENDING:
        return name, ""
    return stem.rstrip(" ."), f".{ending}"


def _cut(stem: str, ending: str) -> str:
    stem = stem[: LONGEST_NAME - len(ending)]
    room = LONGEST_NAME_BYTES - len(ending.encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(" .") + ending
