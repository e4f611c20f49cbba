"""The pages on which two cases become one and one becomes two."""

import pytest
from django.urls import reverse

from anshin.cases.models import Case, Message
from tests.cases.writing import MIKUMO, arrive

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


@pytest.fixture
def first(shop, now):
    return arrive(shop, "a@mail.example", at=now).case


@pytest.fixture
def desk(signed_in, agent):
    return signed_in(agent)


def address(name, case):
    return reverse(f"staff:{name}", args=["komorebi", case.number])


def test_the_merge_page_offers_the_customers_other_cases(desk, shop, first, now):
    second = arrive(shop, "b@mail.example", at=now, subject="別の件").case
    html = desk.get(address("merge", first)).content.decode()
    assert f'name="into" value="{second.number}"' in html


@pytest.mark.parametrize("written", ["#{}", "{}"])
def test_merging_leads_to_the_case_that_goes_on(desk, shop, first, now, written):
    second = arrive(shop, "b@mail.example", at=now, sender=MIKUMO).case
    answer = desk.post(address("merge", first), {"into": written.format(second.number)})
    assert answer.url == address("case", second)
    assert Message.objects.filter(case=second).count() == 2


def test_merging_with_an_unknown_number_changes_nothing_and_says_why(desk, first):
    answer = desk.post(address("merge", first), {"into": "9999"}, follow=True, HTTP_REFERER=address("merge", first))
    assert "この店舗に、ほかの案件 #9999 はありません。" in answer.content.decode()
    assert Case.objects.get().merged_into is None


def test_the_split_page_offers_every_message(desk, shop, first, now):
    arrive(shop, "b@mail.example", at=now)
    html = desk.get(address("split", first)).content.decode()
    assert html.count('name="message"') == 2


def test_splitting_leads_to_the_new_case(desk, shop, first, now):
    moved = arrive(shop, "b@mail.example", at=now).message
    answer = desk.post(address("split", first), {"message": [moved.pk], "subject": "別の件"})
    new = Case.objects.exclude(pk=first.pk).get()
    assert (answer.url, new.subject, new.messages.count()) == (address("case", new), "別の件", 1)


def test_splitting_without_a_choice_changes_nothing(desk, first):
    desk.post(address("split", first), {"subject": "別の件"})
    assert Case.objects.count() == 1
