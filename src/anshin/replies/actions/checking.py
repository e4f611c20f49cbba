"""The check that every reply passes before it is written into its case: fills the socket `cases.reply_check`."""

from anshin.replies import rules


class PlaceholderCheck:
    """Nothing leaves that a person would have to fill in."""

    def unfilled(self, text: str) -> tuple[str, ...]:
        """Each placeholder as it stands in the text, once; nothing for an ordinary text."""
        return tuple(dict.fromkeys(text[gap.start : gap.end] for gap in rules.gaps_in(text)))
