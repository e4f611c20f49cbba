"""A day at the desk, and every line that it writes into the log at DEBUG: joined by marks, and about nobody."""

import io
import json
import logging

import pytest
from django.test import Client

from anshin.cases.models import Case
from anshin.project.outside.models import Behaviour
from anshin.project.sealed_log import JsonLine, SealedPaths
from tests.log_watch import OURS, QUIET, TOLD
from tests.stories.conftest import Customer, mail_server

pytestmark = pytest.mark.django_db
PERSON = "雪村 佳乃"
MAIL = "yoshino.yukimura@mail.example"
PHONE = "090-5550-1234"
HOME = "〒390-0874 長野県松本市大手99-12-3"
WORDS = "届いた湯のみが割れていました"
SECRETS = (PERSON, "雪村", "佳乃", MAIL, "yoshino", PHONE, "09055501234", "大手99", "390-0874", WORDS, "湯のみ")


@pytest.fixture
def log():
    """What the log would hold, as lines of JSON."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLine())
    handler.addFilter(SealedPaths())
    loggers = [logging.getLogger(name) for name in (*OURS, *QUIET)]
    former = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)
    for each, level in zip(loggers, former, strict=True):
        each.setLevel(level)


def test_no_line_of_a_day_names_anybody_and_a_mark_joins_page_and_job(log, time, mailbox, takeuchi, saeki):
    customer = Customer(PERSON, MAIL)
    customer.writes(mailbox, WORDS, f"{WORDS}。\n{PERSON}\n{HOME}\n{PHONE}")
    time.passes(seconds=5)
    takeuchi.sees("case", 1)
    takeuchi.sees("inbox", "unassigned")
    takeuchi.browser.get(f"/s/komorebi/search?q={PERSON}")
    takeuchi.browser.get(f"/s/komorebi/search?q={PHONE}")
    takeuchi.browser.get(f"/s/komorebi/{PERSON}")
    saeki.does("note", 1, text=f"{PERSON}様に{PHONE}へ電話します。")
    takeuchi.does("reply", 1, text="", to=MAIL, seen="1")
    Client().post("/account/login/", {"login": MAIL, "password": "not the right one"})
    Client(enforce_csrf_checks=True).post("/account/login/", {"login": MAIL})
    Client().get("/p/komorebi/orders/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789/")
    for behaviour in (Behaviour.LATER, Behaviour.REFUSE):
        mail_server(behaviour)
        assert takeuchi.replies(1, f"{PERSON}様、交換品をお送りします。").status_code == 302
        time.passes(seconds=10)
        time.passes(hours=2)
    broken = Client(raise_request_exception=False)
    broken.force_login(takeuchi.membership.person)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anshin.staff.case_page.find_case", _breaks)
        broken.get(takeuchi.address("case", 1))

    lines = log()
    text = json.dumps(lines, ensure_ascii=False)
    assert [word for word in SECRETS if word in text] == []
    assert TOLD.search(text) is None
    assert "AbCdEfGhIjKl" not in text
    assert {"ERROR", "WARNING", "INFO"} <= {line["level"] for line in lines}
    assert len([line for line in lines if line.get("route")]) > 15
    pages = {line["request"]: line["route"] for line in lines if line.get("route")}
    joined = {(pages[line["request"]], line["task"]) for line in lines if line.get("task") and line["request"] in pages}
    assert ("staff:reply", "anshin.cases.jobs.deliver") in joined
    assert Case.objects.count() == 1


def _breaks(*_given, **_named):
    raise RuntimeError(f"Mail to {MAIL} and a call to {PHONE} failed")
