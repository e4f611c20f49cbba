"""Marks of spam filters, as rspamd, SpamAssassin, Microsoft 365, Yahoo!, Google and Barracuda write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anshin.plumbing.mail.spam_marks import SpamFilter, SpamVerdict, spam_verdict, verdict_on_top

HOP = ("Received", "from a.example by mx.shop.jp with ESMTP; Thu, 26 Nov 2026 10:00:00 +0900")
FOREIGN = ("Received", "from b.example by relay.other.example with ESMTP; Thu, 26 Nov 2026 09:59:00 +0900")
FROM = ("From", "a@b.example")


@pytest.mark.parametrize(
    ("name", "value", "verdict"),
    [
        ("X-Spamd-Result", "default: True [15.20 / 15.00]; BAYES_SPAM(5.10)[100.00%]", ("rspamd", "15.20")),
        ("X-Spamd-Result", "default: False [-3.10 / 15.00]", None),
        ("X-Rspamd-Action", "add header", ("rspamd", "")),
        ("X-Rspamd-Action", "no action", None),
        ("X-Spam", "Yes", ("rspamd", "")),
        ("X-Spam-Flag", "YES", ("spamassassin", "")),
        ("X-Spam-Flag", "NO", None),
        ("X-Spam-Status", "Yes, score=12.3 required=5.0 tests=BAYES_99", ("spamassassin", "12.3")),
        ("X-Spam-Status", "No, score=-1.9 required=5.0 tests=BAYES_00", None),
        ("X-Spam-Status", "Yesterday", None),
        ("X-MS-Exchange-Organization-SCL", "5", ("microsoft", "5")),
        ("X-MS-Exchange-Organization-SCL", "9", ("microsoft", "9")),
        ("X-MS-Exchange-Organization-SCL", "1", None),
        ("X-MS-Exchange-Organization-SCL", "-1", None),
        ("X-Forefront-Antispam-Report", "CIP:203.0.113.4;CTRY:JP;LANG:ja;SCL:6;SFV:SPM;CAT:SPM;", ("microsoft", "6")),
        ("X-Forefront-Antispam-Report", "CIP:203.0.113.4;LANG:ja;SCL:9;SFV:NSPM;CAT:PHSH;", ("microsoft", "9")),
        ("X-Forefront-Antispam-Report", "CIP:203.0.113.4;LANG:ja;SCL:1;SFV:NSPM;CAT:NONE;", None),
        ("X-YahooFilteredBulk", "203.0.113.4", ("yahoo", "")),
        ("X-YahooFilteredBulk", " ", None),
        ("X-Gm-Spam", "1", ("google", "")),
        ("X-Gm-Phishy", "1", ("google", "")),
        ("X-Gm-Spam", "0", None),
        ("X-Barracuda-Spam-Flag", "YES", ("barracuda", "")),
        ("X-Barracuda-Spam-Flag", "NO", None),
    ],
)
def test_each_filters_words_are_understood(name: str, value: str, verdict: tuple[str, str] | None) -> None:
    expected = SpamVerdict(SpamFilter(verdict[0]), verdict[1]) if verdict else None

    assert verdict_on_top([HOP, (name, value), FROM], hosts=()) == expected
    if verdict:
        others = [each for each in SpamFilter if each != verdict[0]]
        assert spam_verdict([(name, value)], filters=others) is None
        assert spam_verdict([FROM, (name.upper(), value)], filters=[SpamFilter(verdict[0])]) == expected


@pytest.mark.parametrize(
    "headers",
    [[HOP, FOREIGN, ("X-Spam-Flag", "YES"), FROM], [HOP, FROM, ("X-Spam-Flag", "YES")], [HOP, FROM], []],
)
def test_marks_that_the_sender_could_have_written_do_not_count_by_themselves(headers: list[tuple[str, str]]) -> None:
    assert verdict_on_top(headers, hosts=("imap.shop.jp",)) is None


NAMES = st.sampled_from(["X-Spamd-Result", "X-Spam-Status", "X-Forefront-Antispam-Report"])


@given(st.lists(st.tuples(NAMES, st.text())))
def test_nothing_that_is_written_makes_it_raise(headers: list[tuple[str, str]]) -> None:
    spam_verdict(headers, filters=tuple(SpamFilter))
