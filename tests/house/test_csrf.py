"""Which addresses do without Django's check for forged forms, and why. That all others refuse: gates/test_forged.py."""

import re

from tests.house.gates.walking import routes

# Where another program posts, and no cookie counts for anything.
WITHOUT = {
    r"^mail/report/": "sending services report; each report is proved by its signature or the word in its address",
    r"^mail/in/": "providers post mail; each post is proved by its signature or password",
    r"^payments/stripe/": "Stripe posts notices; each is proved by its signature",
    r"^api/": "other programs; a key in a header, never a cookie",
}
# Where the token is asked for a moment later, after the size of what comes has been looked at.
LATER = {
    r"^f/<slug:shop>/": "the public form: channels/web_form/screens.public",
    r"^p/<slug:shop>/": "pages of customers: portal/pages.outside",
}
EXEMPT = sorted({each.pattern for each in routes() if getattr(each.view, "csrf_exempt", False)})


def test_every_address_without_the_check_stands_in_the_list_and_nothing_else_does():
    rules = [*WITHOUT, *LATER]
    assert [route for route in EXEMPT if sum(bool(re.match(rule, route)) for rule in rules) != 1] == []
    assert [rule for rule in rules if not any(re.match(rule, route) for route in EXEMPT)] == []
    assert len(EXEMPT) > 30
