"""What a form brings that cannot be read: a case for a person, never a lost message."""

import pytest

from anshin.cases.models import Case, Message
from anshin.channels.web_form import actions, jobs
from anshin.channels.web_form.terms import Kind
from tests.channels.web_form.test_web_form import filled

pytestmark = pytest.mark.django_db


def test_what_cannot_be_read_becomes_a_case_for_a_person(shop, now, monkeypatch):
    row = actions.store(
        shop=shop,
        nonce="n",
        kind=Kind.OTHER,
        language="ja",
        values=filled(text="だれか\x00助けて"),
        files=(),
        dropped_ids=(),
        address_key="k",
        now=now,
    )
    monkeypatch.setattr(actions, "form_of", lambda row: 1 / 0)
    jobs.take_in.call(row.pk)
    row.refresh_from_db()
    assert (row.fate, row.reason_words) == ("failed", "ZeroDivisionError")
    assert Case.objects.get().hold == "unreadable"
    assert "だれか�助けて" in Message.objects.get().text
