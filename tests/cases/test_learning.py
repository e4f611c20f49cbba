"""A shop's people teach the classifier at night, in a process of its own; only a model that is no worse is used."""

import base64
from datetime import timedelta

import pytest

from anshin.cases.actions import learn_topics, learning, set_topics
from anshin.cases.models import TopicLearning
from anshin.cases.queries import model_for
from anshin.language.topics.examples import Example
from anshin.language.topics.learning import is_held_out, learn
from anshin.language.topics.model import base_model
from anshin.plumbing.journal.models import JournalEntry
from tests.cases.writing import arrive

WORDS = [
    f"ゴンドラ什器の{part}について"
    for part in ["棚板", "支柱", "脚", "網", "側板", "天板", "背面", "金具", "扉", "照明", "車輪", "鍵"]
]


@pytest.fixture
def corrected(shop, agent, now):
    for at, words in enumerate(WORDS):
        case = arrive(shop, f"{at}@mail.example", at=now, subject="", text=words).case
        set_topics(by=agent, case_id=case.pk, codes=["product.stock"], now=now)


@pytest.fixture
def program(monkeypatch):
    """Stands for the process; `said["report"]` is what it answers."""
    base = base_model()
    report = {"base": base.about.version, "correction_count": 12, "right_before": 1, "right_after": 2}
    said = {"report": report | {"is_no_worse": True}, "model": base64.b64encode(base.to_bytes()).decode(), "asked": []}

    def learnt(asked):
        said["asked"].append(asked)
        return said

    monkeypatch.setattr(learning, "_learnt", learnt)
    return said


@pytest.mark.django_db
def test_a_model_that_is_no_worse_is_used_and_told_in_the_journal(shop, corrected, program, now, later):
    made = learn_topics(shop=shop, now=later)
    assert (made.is_used, made.correction_count, made.figures["right_after"]) == (True, 12, 2)
    assert model_for(shop)[0] == made.version
    assert len(program["asked"][0]["corrections"]) == 12
    fact = JournalEntry.objects.get(event="case.topics_learnt").payload
    assert fact == {"correction_count": 12, "right_before": 1, "right_after": 2, "is_used": True}


@pytest.mark.django_db
def test_a_worse_model_is_not_used(shop, corrected, program, now, later):
    program["report"]["is_no_worse"] = False
    made = learn_topics(shop=shop, now=later)
    assert (made.is_used, made.blob) == (False, None)
    assert model_for(shop)[0] == base_model().about.version


@pytest.mark.django_db
def test_nothing_new_and_too_little_teach_nothing(shop, other_shop, corrected, program, now, later):
    assert learn_topics(shop=other_shop, now=later) is None
    learn_topics(shop=shop, now=later)
    assert learn_topics(shop=shop, now=later + timedelta(days=1)) is None
    assert TopicLearning.objects.count() == 1


@pytest.mark.django_db
def test_a_learnt_model_gives_way_when_ours_has_changed(shop, corrected, program, now, later):
    program["report"]["base"] = "another"
    learn_topics(shop=shop, now=later)
    assert model_for(shop)[0] == base_model().about.version


def test_what_was_taught_is_known_afterwards_and_our_topics_no_worse():
    examples = [
        Example(("product.stock",), "ja", "", f"{words}、{at}番をお願いします") for words in WORDS for at in range(4)
    ]
    model, report = learn(examples, codes=base_model_codes())
    assert report.held_out == sum(map(is_held_out, examples)) > 0
    assert report.right_after > report.right_before
    assert report.is_no_worse == (report.ours_after >= report.ours_before)
    assert "product.stock" in model.codes


def base_model_codes():
    return [code for code in base_model().codes if not code.startswith("!")]
