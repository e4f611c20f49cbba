"""Codes: who gets one, how often, what is kept, and that a killed job never sends one twice."""

import re
from datetime import timedelta

import pytest

from anshin.commerce.models import ContactPoint
from anshin.commerce.terms import ContactKind
from anshin.plumbing.journal.models import JournalEntry
from anshin.visits import actions, jobs
from anshin.visits.models import CodeRequest, Visit
from anshin.visits.ports import LetterNotSent
from anshin.visits.queries import open_visit
from tests.visits.conftest import bought

pytestmark = pytest.mark.django_db


def ask(shop, now, *, number="KM-20417", contact="misaki@mail.example", visitor="v", language="ja", is_inner=False):
    return actions.ask_for_code(
        shop=shop, number=number, contact=contact, visitor=visitor, is_inner=is_inner, language=language, now=now
    )


def code_in(letter):
    return re.search(r"\b\d{6}\b", letter.text)[0]


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        ("KM-20417", "misaki@mail.example"),
        ("ｋｍ２０４１７", " Misaki@Mail.Example "),
        ("KM-20417", "090-1234-5678"),
        ("KM 20417", "０９０１２３４５６７８"),
    ],
)
def test_the_code_goes_to_the_orders_customer(shop, world, slot, moved, now, number, contact):
    ask(shop, now, number=number, contact=contact)
    moved(now)
    assert [letter.to for letter in slot.left] == ["misaki@mail.example"]


@pytest.mark.parametrize(
    ("number", "contact"),
    [
        ("KM-99999", "misaki@mail.example"),
        ("KM-20417", "daichi@mail.example"),
        ("KM-20417", "080-1111-2222"),
        ("SF-00001", "misaki@mail.example"),
        ("", "misaki@mail.example"),
        ("KM-20417", ""),
        ("KM-20417", "@"),
        ("%", "%"),
        ("KM-20417\x00", "x" * 400),
    ],
)
def test_nobody_else_gets_one_and_what_was_typed_is_forgotten(shop, world, slot, moved, now, number, contact):
    handle = ask(shop, now, number=number, contact=contact)
    moved(now)
    request = CodeRequest.objects.get()
    assert slot.left == []
    assert (request.number, request.contact, request.customer, request.code_key) == ("", "", None, "")
    with pytest.raises(actions.WrongCode) as refused:
        actions.enter_code(shop=shop, handle=handle, code="000000", now=now)
    assert refused.value.left == 4


def test_a_customer_without_mail_gets_none(shop, world, slot, moved, now):
    ContactPoint.objects.filter(customer=world.order.customer, kind=ContactKind.MAIL).delete()
    ask(shop, now, contact="090-1234-5678")
    moved(now)
    assert slot.left == []


def test_an_erased_customer_gets_none(shop, world, slot, moved, now):
    type(world.order.customer).objects.filter(pk=world.order.customer_id).update(erased_at=now)
    ask(shop, now)
    moved(now)
    assert slot.left == []


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ja", "確認コード"),
        ("en", "Your code"),
        ("zh-Hans", "验证码"),
        ("zh-Hant", "驗證碼"),
        ("ko", "인증번호"),
        ("xx", "確認コード"),
    ],
)
def test_letters_in_five_languages(shop, world, slot, moved, now, language, words):
    ask(shop, now, language=language)
    moved(now)
    assert words in slot.left[0].subject
    assert code_in(slot.left[0]) in slot.left[0].subject
    assert "$" not in slot.left[0].subject + slot.left[0].text


def test_codes_and_words_in_cookies_are_kept_as_hashes(shop, world, slot, moved, now):
    handle = ask(shop, now)
    moved(now)
    code = code_in(slot.left[0])
    token = actions.enter_code(shop=shop, handle=handle, code=code, now=now)
    kept = [str(row) for model in (CodeRequest, Visit) for row in model.objects.values()]
    assert all(secret not in row for row in kept for secret in (handle, code, token, "misaki", "20417"))
    assert code not in str(list(JournalEntry.objects.values_list("payload")))


def test_a_code_opens_one_visit_of_that_customer(shop, other_shop, world, slot, moved, now):
    handle = ask(shop, now)
    moved(now)
    code = code_in(slot.left[0])
    token = actions.enter_code(shop=shop, handle=handle, code=f" {code[:3]} {code[3:]}", now=now)
    assert open_visit(shop, token, now=now).customer == world.order.customer
    assert open_visit(other_shop, token, now=now) is None
    with pytest.raises(actions.CodeOver):
        actions.enter_code(shop=shop, handle=handle, code=code, now=now)


def test_another_browsers_code_and_another_shops_handle_open_nothing(shop, other_shop, world, slot, moved, now):
    handle, second = ask(shop, now), ask(shop, now, number="KM-20500", contact="daichi@mail.example")
    moved(now)
    theirs = next(code_in(letter) for letter in slot.left if letter.to.startswith("daichi"))
    with pytest.raises(actions.WrongCode):
        actions.enter_code(shop=shop, handle=handle, code=theirs, now=now)
    with pytest.raises(actions.CodeOver):
        actions.enter_code(shop=other_shop, handle=second, code=theirs, now=now)
    assert not Visit.objects.exists()


def test_ten_minutes(shop, world, slot, moved, now):
    handle = ask(shop, now)
    moved(now + timedelta(minutes=3))  # the job was slow: the ten minutes begin now
    code = code_in(slot.left[0])
    with pytest.raises(actions.CodeOver):
        actions.enter_code(shop=shop, handle=handle, code=code, now=now + timedelta(minutes=13, seconds=1))
    assert actions.enter_code(shop=shop, handle=handle, code=code, now=now + timedelta(minutes=13))


def test_a_code_tried_a_thousand_times_is_refused_and_written_down_once(shop, world, slot, moved, now):
    handle = ask(shop, now)
    moved(now)
    code = code_in(slot.left[0])
    wrong = [f"{number:06d}" for number in range(1001) if f"{number:06d}" != code][:1000]
    answers = []
    for each in wrong:
        try:
            actions.enter_code(shop=shop, handle=handle, code=each, now=now)
        except actions.NotLetIn as refusal:
            answers.append(type(refusal).__name__)
    assert answers == ["WrongCode"] * 4 + ["CodeLocked"] * 996
    with pytest.raises(actions.CodeLocked):
        actions.enter_code(shop=shop, handle=handle, code=code, now=now)
    assert CodeRequest.objects.get().tries == 1001
    told = JournalEntry.objects.filter(event="visits.code_locked")
    assert [entry.payload["tries"] for entry in told] == [5]
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("number", "change", "most"),
    [("KM-20417", "contact", 5), ("KM-99999", "contact", 5), ("KM-20417", "number", 5), ("KM-20417", "both", 20)],
)
def test_no_more_codes_than_the_limits_for_what_exists_and_for_what_does_not(shop, world, now, number, change, most):
    def once(place):
        values = {"contact": f"{place}@mail.example" if change != "number" else "misaki@mail.example"}
        ask(shop, now, number=number if change == "contact" else f"KM-{place:05d}", **values)

    for place in range(most):
        once(place)
    for place in range(3):
        with pytest.raises(actions.TooOften):
            once(most + place)
    assert CodeRequest.objects.count() == most
    assert JournalEntry.objects.filter(event="visits.too_many_requests").count() == 1


def test_after_an_hour_there_are_codes_again_and_in_an_office_there_are_more(shop, world, now):
    for place in range(25):
        ask(shop, now, number=f"KM-{place}", contact=f"{place}@mail.example", is_inner=True)
    with pytest.raises(actions.TooOften):
        ask(shop, now, number="KM-a", contact="z@mail.example")
    assert ask(shop, now + timedelta(hours=1, seconds=1), number="KM-a", contact="z@mail.example")


def test_a_mail_that_certainly_did_not_leave_is_tried_again_with_a_fresh_code(shop, world, slot, moved, now):
    handle = ask(shop, now)
    slot.refusals = [LetterNotSent("later", permanent=False)]
    moved(now)
    assert slot.left == []
    moved(now + timedelta(minutes=5))
    assert len(slot.left) == 1
    assert actions.enter_code(shop=shop, handle=handle, code=code_in(slot.left[0]), now=now + timedelta(minutes=6))


def test_killed_after_the_server_had_it_nothing_is_sent_again(shop, world, slot, now):
    ask(shop, now)
    request = CodeRequest.objects.get()
    actions.make_code(request_id=request.pk, now=now)
    actions.hand_over_code(request.pk, now=now)
    jobs.send_code.func(request.pk)
    assert slot.left == []


def test_killed_before_the_server_had_it_one_letter_leaves(shop, world, slot, now):
    ask(shop, now)
    request = CodeRequest.objects.get()
    actions.make_code(request_id=request.pk, now=now)
    jobs.send_code.func(request.pk)
    jobs.send_code.func(request.pk)
    assert len(slot.left) == 1


def test_of_two_orders_with_one_number_the_one_that_fits(shop, world, slot, moved, now):
    from anshin.commerce.terms import Buyer, SalesChannel

    other = Buyer("岸 蓮", "", "ren@mail.example", "")
    bought(shop, "KM-20417", other, channel=SalesChannel.RAKUTEN)
    ask(shop, now)
    moved(now)
    assert [letter.to for letter in slot.left] == ["misaki@mail.example"]


def test_old_rows_go(shop, world, slot, moved, now):
    handle = ask(shop, now)
    moved(now)
    actions.enter_code(shop=shop, handle=handle, code=code_in(slot.left[0]), now=now)
    actions.prune(now=now + timedelta(days=6))
    assert (CodeRequest.objects.count(), Visit.objects.count()) == (1, 1)
    actions.prune(now=now + timedelta(days=8))
    assert (CodeRequest.objects.count(), Visit.objects.count()) == (0, 1)
    actions.prune(now=now + timedelta(days=31))
    assert Visit.objects.count() == 0
