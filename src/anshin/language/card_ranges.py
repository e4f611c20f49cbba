"""Which first digits and lengths payment cards have; the table behind `sensitive_numbers`."""

from typing import Final, NamedTuple


class Range(NamedTuple):
    """Cards whose number begins with `first` to `last` (equally many digits) and has one of these lengths."""

    first: int
    last: int
    lengths: frozenset[int]


def _lengths(shortest: int, longest: int) -> frozenset[int]:
    return frozenset(range(shortest, longest + 1))


RANGES: Final = (
    Range(4, 4, frozenset({13, 16, 19})),  # Visa
    Range(51, 55, frozenset({16})),  # Mastercard
    Range(2221, 2720, frozenset({16})),  # Mastercard, since 2017
    Range(34, 34, frozenset({15})),  # American Express
    Range(37, 37, frozenset({15})),
    Range(3528, 3589, _lengths(16, 19)),  # JCB
    Range(300, 305, _lengths(14, 19)),  # Diners Club
    Range(3095, 3095, _lengths(14, 19)),
    Range(36, 36, _lengths(14, 19)),
    Range(38, 39, _lengths(14, 19)),
    Range(6011, 6011, _lengths(16, 19)),  # Discover
    Range(644, 649, _lengths(16, 19)),
    Range(65, 65, _lengths(16, 19)),
    Range(62, 62, _lengths(16, 19)),  # UnionPay
    Range(81, 81, _lengths(16, 19)),
    Range(5018, 5018, _lengths(13, 19)),  # Maestro
    Range(5020, 5020, _lengths(13, 19)),
    Range(5038, 5038, _lengths(13, 19)),
    Range(5893, 5893, _lengths(13, 19)),
    Range(6304, 6304, _lengths(13, 19)),
    Range(6759, 6763, _lengths(13, 19)),
)
"""Source: ISO/IEC 7812-1:2017 (numbers of up to 19 digits, IIN first); ranges as published by the brands and gathered
in "Payment card number, Issuer identification number (IIN)", Wikipedia, and Oracle Retail "List of Standard Credit
Card Preambles", table 12-6; both read 2026-11-26."""


def is_card_range(digits: str) -> bool:
    """Whether some brand issues numbers that begin like this and are this long."""
    return any(
        len(digits) in found.lengths and found.first <= int(digits[: len(str(found.first))]) <= found.last
        for found in RANGES
    )
