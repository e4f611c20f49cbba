"""A customer without an account fills in the contact form and is answered by mail."""

import re

import pytest
from django.urls import reverse

from anshin.cases.models import Case
from anshin.project.outside.models import LeftMail

pytestmark = pytest.mark.django_db
TEXT = "届いた箱を開けたところ、青いカップの取っ手が割れていました。交換をお願いできますか。"


def fills_in(customer, time, **fields):
    """Open the form, take a minute over it, send it; what the page answers."""
    address = reverse("web_form:fill_in", args=["komorebi", "defect"])
    page = customer.browser.get(address).content.decode()
    time.passes(minutes=1)
    hidden = {name: re.search(rf'name="{name}" value="([^"]*)"', page).group(1) for name in ("ticket", "asked")}
    return customer.browser.post(address, {"name": customer.name, "mail": customer.mail, **hidden, **fields})


def test_a_form_becomes_a_case_and_the_answer_goes_by_mail(time, mailbox, takeuchi, misaki):
    assert fills_in(misaki, time, text=TEXT).status_code == 302
    time.passes(minutes=1)

    assert "髙橋 美咲" in takeuchi.sees("inbox", "unassigned")
    assert TEXT in takeuchi.sees("case", 1)
    assert Case.objects.get().channel == "web_form"

    takeuchi.replies(1, "申し訳ございません。すぐに交換いたします。")
    time.passes(seconds=10)
    [answer] = misaki.mails()
    assert "すぐに交換いたします。" in answer.text

    misaki.writes(mailbox, "Re: カップ", "ありがとうございます。", answers=answer)
    time.passes(seconds=5)
    assert Case.objects.count() == 1
    assert "ありがとうございます。" in takeuchi.sees("case", 1)


def test_a_form_without_an_address_comes_back_and_nothing_reaches_the_desk(time, mailbox, misaki):
    refused = fills_in(misaki, time, text=TEXT, mail="")
    time.passes(minutes=1)

    assert refused.status_code == 422
    assert "Please enter your mail address. Our answer goes there." in refused.content.decode()
    assert not Case.objects.exists()
    assert not LeftMail.objects.exists()
