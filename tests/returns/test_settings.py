"""What a shop sets about its returns: times, the place where they go, and how labels are printed."""

import pytest

from anshin.plumbing.journal.models import JournalEntry
from anshin.returns.actions import change_setting
from anshin.returns.actions.refusals import IllegalStep
from anshin.returns.models import ReturnSetting
from anshin.returns.queries import label_facts
from anshin.returns.terms import BarCode, LabelPaper
from anshin.shops.actions import NotAllowed
from tests.conftest import NOW

pytestmark = pytest.mark.django_db


def test_labels_are_a6_with_code_128_until_the_shop_says_otherwise(owner):
    setting = change_setting(by=owner, now=NOW, address_name="こもれび雑貨店 返品係")
    assert (setting.label_paper, setting.label_bar_code) == (LabelPaper.A6, BarCode.CODE128)


def test_paper_and_bar_code_are_kept_and_written_down_once(owner):
    for _turn in range(2):
        change_setting(by=owner, now=NOW, label_paper="a4", label_bar_code="nw7")
    kept = ReturnSetting.objects.get()
    assert (kept.label_paper, kept.label_bar_code) == ("a4", "nw7")
    entries = JournalEntry.objects.filter(event="return.setting_changed")
    assert [entry.payload["what"] for entry in entries] == ["label_paper, label_bar_code"]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"label_paper": "a3"}, ValueError),
        ({"label_bar_code": "ean13"}, ValueError),
        ({"days_to_send": 0}, IllegalStep),
        ({"days_to_send": 91}, IllegalStep),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_kept(owner, values, error):
    with pytest.raises(error):
        change_setting(by=owner, now=NOW, address_name="x", **values)
    assert not ReturnSetting.objects.exists()
    assert not JournalEntry.objects.filter(event="return.setting_changed").exists()


def test_an_agent_may_not_change_it(agent):
    with pytest.raises(NotAllowed):
        change_setting(by=agent, now=NOW, label_paper="a4")
    assert not ReturnSetting.objects.exists()


def test_a_label_bears_the_bar_code_and_the_address_of_the_shop(owner, ask, sold):
    returned = ask(sold())
    assert label_facts(returned).bar_code == BarCode.CODE128
    change_setting(by=owner, now=NOW, label_bar_code="nw7", address_name="返品係", address_lines="東京都武蔵野市")
    facts = label_facts(returned)
    assert (facts.bar_code, facts.return_to.name, facts.return_to.lines) == (BarCode.NW7, "返品係", "東京都武蔵野市")
