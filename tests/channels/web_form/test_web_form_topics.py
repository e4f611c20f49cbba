"""What a form's kind says a case is about is one of the topics, so that figures of mails and forms can be added."""

import pytest

from anshin.channels.web_form.terms import INTAKE, Kind
from anshin.language.topics.codes import BY_CODE


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_a_topic_of_the_enumeration(kind):
    assert INTAKE[kind].topic in BY_CODE


def test_kinds_do_not_share_a_topic():
    assert len({intake.topic for intake in INTAKE.values()}) == len(Kind)
