"""Patterns written as lists of words: what makes long lists of Japanese wordings readable in this code."""

import re

from anshin.language.kanji_variants import STANDARD_FORM


def any_of(written: str) -> re.Pattern[str]:
    """A pattern that finds any of the expressions in folded text.

    White space parts the expressions, `_` stands for a space. Variant kanji are written as `folding.fold` writes them.
    """
    return re.compile("|".join(each.replace("_", " ") for each in written.translate(STANDARD_FORM).split()))
