"""Why the safety room refuses: one class a reason, each with a sentence for the person who asked."""

from django.utils.translation import gettext_lazy as _

from anshin.shops.actions import Refused


class UnknownAdvisory(Refused):
    """There is no such advisory, or not for this person: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(_("There is no such notice here. Load the page again."))


class SourceMissing(Refused):
    """An advisory without publisher, source or day of reading (requirements 1 and 9)."""

    def __init__(self) -> None:
        super().__init__(_("Say who publishes it, at which address, and on which day you read it there."))


class BadSource(Refused):
    """The source is no address on the web."""

    def __init__(self) -> None:
        super().__init__(_("The source must be a web address that begins with https:// or http://."))


class BadProduct(Refused):
    """A product without a name, a wrong GTIN, or a range that ends before it begins; `words` says which."""


class BadPicture(Refused):
    """What was chosen as a picture is none, is broken or far too large."""

    def __init__(self) -> None:
        super().__init__(_("This is no picture that can be shown. Choose a JPEG, PNG, WebP or HEIC file up to 20 MB."))


class TimeWithoutZone(Refused):
    """A publication time that may mean several moments."""

    def __init__(self) -> None:
        super().__init__(_("Say in which time zone the publication time is meant, for example Asia/Tokyo."))


class PastTime(Refused):
    """A publication time that is over already."""

    def __init__(self) -> None:
        super().__init__(
            _("The publication time is over already. Correct it, or say that the publisher has published it by now.")
        )


class MovedOn(Refused):
    """Somebody else changed it meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("Somebody changed the notice meanwhile. Load the page again and look at it."))


class IllegalStep(Refused):
    """What was asked does not follow from where the advisory stands; nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("That is not possible any more where the notice stands now. Load the page again."))


class NeverEarly(Refused):
    """Somebody wants to release before the publication time."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "It cannot be released before the publication time. If the publisher has moved the time, move it here;"
                " a second person then approves again."
            )
        )


class NotReady(Refused):
    """Something is still missing before the release."""

    def __init__(self) -> None:
        super().__init__(_("Something is still missing. The list beside shows what has to be done first."))


class OwnWork(Refused):
    """Whoever wrote it may not approve it."""

    def __init__(self) -> None:
        super().__init__(_("You wrote this notice, so another person has to approve it."))


class LastInsider(Refused):
    """Nobody would be left who may see it."""

    def __init__(self) -> None:
        super().__init__(_("At least one person must be able to see the notice. Name somebody else first."))


class NotOfThisShop(Refused):
    """Somebody who does not work here cannot be named."""

    def __init__(self) -> None:
        super().__init__(_("This person does not work in this shop."))


class WordsMissing(Refused):
    """Words of a language without the parts that a reader needs."""

    def __init__(self) -> None:
        super().__init__(_("Fill in product, heading, hazard and what to do; without one of them nobody is warned."))


class ReasonNeeded(Refused):
    """A decision that needs a sentence came without."""

    def __init__(self) -> None:
        super().__init__(_("Write in a sentence why."))


class NothingToRehearse(Refused):
    """There are no words yet from which a mail could be drawn."""

    def __init__(self) -> None:
        super().__init__(_("Write the words of the lead language first; the mails are drawn from them."))


class RehearsalReachesTheDesk(Refused):
    """The address of whoever wants the rehearsal is a mailbox of the shop, which everybody reads."""

    def __init__(self) -> None:
        super().__init__(
            _("You sign in with an address of the shop. A rehearsal sent there would be read by everybody at the desk.")
        )


class RehearsalNotSent(Refused):
    """The mail server did not take the mail; `words` is what it said."""

    def __init__(self, words: str) -> None:
        super().__init__(_("The mail server did not take the mail. %(words)s") % {"words": words})


class ReachesTooMuch(Refused):
    """The matches reach half of the catalogue and nobody has said yes a second time."""

    def __init__(self) -> None:
        super().__init__(
            _("The confirmed products are half of the catalogue or more. Look at them again and confirm their number.")
        )


class TooManyScrapped(Refused):
    """More items would be scrapped than there are without a word from their buyers."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _("At most %(most)s items can have been thrown away: so many are neither done nor back.") % {"most": most}
        )


class NoSuchPerson(Refused):
    """There is nobody like that on the lists of this advisory."""

    def __init__(self) -> None:
        super().__init__(_("This person is on none of the lists. Load the page again."))


class ToldMeanwhile(Refused):
    """Somebody else called or wrote meanwhile, or the buyer answered."""

    def __init__(self) -> None:
        super().__init__(_("Somebody wrote something down for this person meanwhile. Look at it first."))


class BeingCalled(Refused):
    """A colleague is calling this person."""

    def __init__(self, name: str) -> None:
        super().__init__(_("%(name)s is calling this person now.") % {"name": name})


class NextTryOutOfReach(Refused):
    """The next call lies in the past, or further away than a month."""

    def __init__(self) -> None:
        super().__init__(_("Choose a time for the next call within the coming 30 days."))


class NothingToPrint(Refused):
    """Every letter is printed already, or nobody is told by letter."""

    def __init__(self) -> None:
        super().__init__(_("No letter waits to be printed."))
