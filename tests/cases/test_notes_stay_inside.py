"""Whatever staff write in a note, no mail and no customer's page ever holds it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anshin.cases import actions
from anshin.cases.models import Message
from anshin.cases.ports import OutgoingMessage
from anshin.plumbing.jobs.inline import run_due_jobs
from tests.cases.writing import KASHIWAGI, arrive

pytestmark = pytest.mark.django_db(transaction=True)
words = st.text(alphabet="秘密在庫怒りabc123 \n>@#*/-", min_size=1, max_size=60)
steps = st.lists(st.tuples(st.sampled_from(["note", "note_draft", "reply", "customer", "undo"]), words), max_size=8)


@given(steps=steps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_note_text_reaches_a_mail(steps, shop, agent, post, now, db):
    post.left.clear()
    seed = abs(hash(tuple(steps)))
    case = arrive(shop, f"{seed}@mail.example", at=now, subject=f"件名{seed}").case
    at, last = now, None
    for number, (kind, text) in enumerate(steps):
        at += timedelta(minutes=1)
        case.refresh_from_db()
        marked = f"⟦note:{text}⟧"
        if kind == "note":
            actions.add_note(by=agent, case_id=case.pk, text=marked, now=at)
        elif kind == "note_draft":
            actions.save_draft(
                by=agent, case_id=case.pk, is_note=True, text=marked, version=0, read_at_version=1, now=at
            ) if not case.drafts.filter(is_note=True).exists() else None
        elif kind == "customer":
            arrive(shop, f"{seed}.{number}@mail.example", at=at, refers_to=(f"{seed}@mail.example",), text=text)
        elif kind == "undo" and last is not None and last.delivery == "held":
            actions.take_back(by=agent, message_id=last.pk, now=at)
            last = None
        elif kind == "reply" and text.strip():
            last = actions.reply(
                by=agent, case_id=case.pk, text=text, to=[KASHIWAGI], read_at_version=case.version, now=at
            )
    run_due_jobs(at + timedelta(hours=1))
    for left in post.left:
        assert "⟦note" not in repr(left)
    assert not any("⟦note" in message.text + message.subject for message in Message.objects.filter(case=case))


def test_the_outgoing_message_has_no_field_for_notes():
    assert set(OutgoingMessage.__dataclass_fields__) == {
        "shop_id", "message_id", "case_id", "message_key", "author_name", "to", "cc", "subject", "text", "at",
        "in_reply_to", "references", "files", "sender", "is_automatic",
    }  # fmt: skip
