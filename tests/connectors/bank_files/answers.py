"""What banks answer to a file of transfers: the file itself, with what did not go marked or alone."""

from collections.abc import Mapping, Sequence

RECORD = 120


def records_of(content: bytes) -> list[bytes]:
    """The records of a file without ends of lines."""
    bare = content.replace(b"\r\n", b"")
    return [bare[start : start + RECORD] for start in range(0, len(bare), RECORD)]


def failures_only(content: bytes, positions: Sequence[int], *, code: bytes = b"") -> bytes:
    """不能分: the lines that did not go, with header, trailer and end of their own."""
    header, *data, _trailer, end = records_of(content)
    chosen = [_with_code(data[position - 1], code) for position in positions]
    return _file([header, *chosen, _trailer_of(chosen), end])


def with_results(content: bytes, codes: Mapping[int, bytes]) -> bytes:
    """振込結果: all lines, those in `codes` with the bank's code."""
    header, *data, trailer, end = records_of(content)
    told = [_with_code(record, codes.get(place, b"0")) for place, record in enumerate(data, 1)]
    return _file([header, *told, trailer, end])


def _with_code(record: bytes, code: bytes) -> bytes:
    return record[:113] + code.ljust(7)


def _trailer_of(data: Sequence[bytes]) -> bytes:
    return b"8%06d%012d" % (len(data), sum(int(record[80:90]) for record in data)) + b" " * 101


def _file(records: Sequence[bytes]) -> bytes:
    return b"".join(record + b"\r\n" for record in records)
