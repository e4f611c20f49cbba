"""Decisions of the contact form."""

import pytest

from anshin.channels.web_form import rules
from anshin.plumbing import callers


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a@gmial.com", "a@gmail.com"),
        ("a@gamil.com", "a@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@gmail.co", "a@gmail.com"),
        ("a@gmaill.com", "a@gmail.com"),
        ("a@gmail.co.jp", "a@gmail.com"),
        ("a@yaho.co.jp", "a@yahoo.co.jp"),
        ("a@docomo.ne.jo", "a@docomo.ne.jp"),
        ("a@ezwb.ne.jp", "a@ezweb.ne.jp"),
        ("a@gmail.com", ""),
        ("a@mail.com", ""),
        ("a@ymail.com", ""),
        ("a@yahoo.com", ""),
        ("a@me.jp", ""),
        ("a@mail.example", ""),
        ("a@komorebi.example", ""),
    ],
)
def test_a_slip_is_recognised_and_a_real_domain_is_left_alone(written, meant):
    assert rules.probable_mail(written) == meant


@pytest.mark.parametrize(
    ("text", "is_vague"), [("動かない", True), ("動 か な い で す", True), ("充電しても電源が入りません", False)]
)
def test_a_text_without_a_matter_is_vague(text, is_vague):
    assert rules.is_vague(text) is is_vague


@pytest.mark.parametrize(
    ("forwarded_for", "proxies", "address"),
    [
        ("1.1.1.1", 0, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9, 10.0.0.7", 2, "203.0.113.9"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(forwarded_for, proxies, address):
    assert callers.client_address(peer="10.0.0.1", forwarded_for=forwarded_for, proxies=proxies) == address


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("nonsense", ""),
    ],
)
def test_addresses_are_counted_by_subscriber(address, counted):
    assert callers.neighbourhood(address) == counted


@pytest.mark.parametrize(
    ("address", "most"),
    [("8.8.8.8", 12), ("127.0.0.1", 120), ("10.0.0.1", 120), ("", 120)],
)
def test_a_whole_office_may_write_more_often(address, most):
    assert rules.most_from(address) == most


def test_an_example_shows_the_shape_of_order_numbers():
    assert rules.example_of("KM-#####") == "KM-12345"
