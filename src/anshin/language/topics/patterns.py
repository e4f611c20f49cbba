"""Patterns written as lists of words: what makes long lists of Japanese wordings readable in this code."""

import re


def any_of(written: str) -> re.Pattern[str]:
    """A pattern that finds any of the expressions in the text, which white space parts; `_` stands for a space."""
    return re.compile("|".join(each.replace("_", " ") for each in written.split()))
