"""Words of doubt about a sender, and of the spam folder."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SenderSign(TextChoices):
    """What makes the sender of a mail doubtful. Each comes with values for a whole sentence."""

    OWN_ADDRESS_FORGED = "own_address_forged", _("Our own address, not sent by us")
    COMPANY_ADDRESS_FORGED = "company_address_forged", _("A company’s address, not sent by it")
    LOOKALIKE_OF_SHOP = "lookalike_of_shop", _("A domain that looks like ours")
    LOOKALIKE_OF_COMPANY = "lookalike_of_company", _("A domain that looks like a company’s")
    LOOKALIKE_LINK = "lookalike_link", _("A link to a domain that looks like another")
    NAME_OF_SHOP = "name_of_shop", _("Our name with a foreign address")
    NAME_OF_COMPANY = "name_of_company", _("A company’s name with a foreign address")
    ADDRESS_IN_NAME = "address_in_name", _("Another address as the sender’s name")
    ANSWERS_ELSEWHERE = "answers_elsewhere", _("Answers would go to somebody else")


BY_HAND = "by_hand"
"""Reason of a case that a person put into the spam folder; other reasons are the names of filters."""

PHISHING_TOPIC = "account.phishing"
"""Topic of a case in which somebody pretends to be somebody else."""


@dataclass(frozen=True, slots=True)
class SenderWarning:
    """Why a sender is doubtful. `values` are what the sentence names: domain, genuine, company, name, address …"""

    sign: SenderSign
    values: Mapping[str, str]

    def as_values(self) -> dict[str, str]:
        """The warning as plain values to keep with the message."""
        return {"sign": self.sign.value, **self.values}
