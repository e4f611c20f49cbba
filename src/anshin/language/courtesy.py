"""How a reply begins in the customer's language; for the composer and for letters."""

from anshin.language.names import is_company, split_honorific

_TO_A_COMPANY = "御中"
_TO_A_PERSON = "様"


def salutation(name: str, *, language: str) -> str:
    """The line a reply opens with: 柏木 由紀子 様, 株式会社こもれび 御中, Dear Yuki Tanaka; nameless, お客様.

    An honorific already in the name is not doubled; さん and 殿 become 様. A company with 様 has a person behind it and
    keeps 様. Languages other than Japanese get the English line.
    """
    bare, honorific = split_honorific(" ".join(name.split()))
    if language != "ja":
        return f"Dear {_english_title(honorific)}{bare}," if bare else "Dear customer,"
    if not bare:
        return "お客様"
    to_company = honorific == _TO_A_COMPANY or (not honorific and is_company(bare))
    return f"{bare} {_TO_A_COMPANY if to_company else _TO_A_PERSON}"


def _english_title(honorific: str) -> str:
    return f"{honorific} " if honorific.isascii() and honorific else ""
