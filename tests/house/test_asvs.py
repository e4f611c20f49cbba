"""The list of what was held against the security standard: complete, and nothing named in it that is not there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (V[0-9.]+) \| (.+?) \| (\*\*open\*\*|holds|looked at|n/a) \| (.+) \|$", PAGE, re.MULTILINE)
# Points of level 1 and 2 of ASVS 5.0.0, by section: which numbers there are.
POINTS = {
    "V1.1": "1-2", "V1.2": "1-9", "V1.3": "1-11", "V1.4": "1-3", "V1.5": "1-2",
    "V2.1": "1-3", "V2.2": "1-3", "V2.3": "1-4", "V2.4": "1",
    "V3.2": "1-2", "V3.3": "1-4", "V3.4": "1-6", "V3.5": "1-5", "V3.7": "1-2",
    "V4.1": "1-3", "V4.2": "1", "V4.3": "1-2", "V4.4": "1-4",
    "V5.1": "1", "V5.2": "1-3", "V5.3": "1-2", "V5.4": "1-3",
    "V6.1": "1-3", "V6.2": "1-12", "V6.3": "1-4", "V6.4": "1-4", "V6.5": "1-5", "V6.6": "1-3", "V6.8": "1-4",
    "V7.1": "1-3", "V7.2": "1-4", "V7.3": "1-2", "V7.4": "1-5", "V7.5": "1-2", "V7.6": "1-2",
    "V8.1": "1-2", "V8.2": "1-3", "V8.3": "1", "V8.4": "1",
    "V9.1": "1-3", "V9.2": "1-4",
    "V10.1": "1-2", "V10.2": "1-2", "V10.3": "1-4", "V10.4": "1-11", "V10.5": "1-5", "V10.6": "1-2", "V10.7": "1-3",
    "V11.1": "1-2", "V11.2": "1-3", "V11.3": "1-3", "V11.4": "1-4", "V11.5": "1", "V11.6": "1",
    "V12.1": "1-3", "V12.2": "1-2", "V12.3": "1-4",
    "V13.1": "1", "V13.2": "1-5", "V13.3": "1-2", "V13.4": "1-5",
    "V14.1": "1-2", "V14.2": "1-4", "V14.3": "1-3",
    "V15.1": "1-3", "V15.2": "1-3", "V15.3": "1-7",
    "V16.1": "1", "V16.2": "1-5", "V16.3": "1-4", "V16.4": "1-3", "V16.5": "1-3",
    "V17.1": "1", "V17.2": "1-4", "V17.3": "1-2",
}  # fmt: skip
PATH = re.compile(r"`([a-z_]+(?:/[\w.-]+)+|[a-z]+\.(?:toml|lock))`")


def numbers():
    for section, span in POINTS.items():
        first, _, last = span.partition("-")
        yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def test_no_point_is_missing_or_made_up():
    assert [number for number, *_rest in ROWS] == list(numbers())


def test_what_is_named_is_there():
    named = {path for _number, _what, _state, where in ROWS for path in PATH.findall(where)}
    assert len(named) > 40
    assert [
        path for path in sorted(named) if not any((base / path).exists() for base in (ROOT, ROOT / "src/anshin"))
    ] == []


def test_the_sum_is_told_rightly():
    told = re.search(
        r"Of (\d+) points (\d+) hold, (\d+) were looked at, (\d+) are not applicable, \*\*(\d+) are open", PAGE
    )
    states = [state for _number, _what, state, _where in ROWS]
    counted = [len(states), *(states.count(each) for each in ("holds", "looked at", "n/a", "**open**"))]
    assert [int(each) for each in told.groups()] == counted
