"""The check that every reply passes before it is written into its case: fills the socket `cases.reply_check`."""

from anshin.cases.ports import Objection
from anshin.replies import rules
from anshin.replies.actions.accuracy import inaccuracies
from anshin.replies.ports import objectors


class PlaceholderCheck:
    """Nothing leaves that a person would have to fill in; and what rooms above object to, a person sees first."""

    def unfilled(self, text: str) -> tuple[str, ...]:
        """Each placeholder as it stands in the text, once; nothing for an ordinary text."""
        return tuple(dict.fromkeys(text[gap.start : gap.end] for gap in rules.gaps_in(text)))

    def objections(self, shop_id: int, case_id: int, text: str) -> tuple[Objection, ...]:
        """What does not agree with the order, and what the rooms above object to, in our own words only: lines that
        quote the customer are left out."""
        own = rules.own_words(text)
        found = inaccuracies(shop_id, case_id, own)
        return found + tuple(
            each for objector in objectors.get() for each in objector.objections(shop_id, case_id, own)
        )
