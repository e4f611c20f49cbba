"""The command `anshin classify`, as a program that another one pipes messages through."""

import io
import json
from datetime import date

from anshin.language.topics.codes import CODES
from anshin.project.cli.classify import write

TODAY = date(2026, 11, 26)


def lines_of(*messages: object) -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    code = write([json.dumps(message) if not isinstance(message, str) else message for message in messages], out, TODAY)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_is_answered_in_order() -> None:
    code, answers = lines_of(
        {"id": "a", "subject": "返品", "text": "サイズが合わないので返品したいです。", "channel": "email"},
        {"id": 2, "subject": "", "text": "My lamp caught fire!", "channel": "web_form"},
    )
    assert code == 0
    assert [answer["id"] for answer in answers] == ["a", 2]
    first, second = answers
    topics = first["topics"]
    assert isinstance(topics, list) and topics[0][0] == "return.how" and topics[0][0] in CODES
    assert all(0 <= share <= 1 for _, share in topics)
    assert (first["urgent"], first["urgent_reason"], first["language"]) == (False, "", "ja")
    assert (second["urgent"], second["language"]) == (True, "en")
    assert "fire" in str(second["urgent_reason"])


def test_dates_are_read_against_the_day_the_message_was_sent() -> None:
    message = {"id": 1, "subject": "", "text": "12/5の結婚式に間に合いますか"}
    near, far = lines_of(message | {"sent": "2026-12-01"}, message | {"sent": "2026-07-01"})[1]
    assert near["urgent"] is True
    assert far["urgent"] is False


def test_a_line_that_is_no_message_is_named_and_the_others_are_answered() -> None:
    code, answers = lines_of("{broken", {"id": 1, "text": "解約したいです"}, "[1]")
    assert code == 1
    assert [answer.get("line") for answer in answers] == [1, None, 3]


def test_missing_and_empty_fields_are_no_error() -> None:
    code, answers = lines_of({"id": 1}, {"id": 2, "subject": None, "text": None})
    assert code == 0
    assert [answer["unsure"] for answer in answers] == [True, True]
