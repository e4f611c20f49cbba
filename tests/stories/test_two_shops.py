"""Two shops live in one installation, and neither learns that the other has anything."""

import pytest

from anshin.cases.models import Case
from anshin.commerce.models import Customer
from anshin.project.outside.models import LeftMail

pytestmark = pytest.mark.django_db
SECRET = "注文番号はKM-20417です。"


@pytest.fixture
def busy_shop(time, mailbox, takeuchi, misaki):
    """The first shop has a case with an answer."""
    misaki.writes(mailbox, "バッグの件", SECRET)
    time.passes(seconds=5)
    takeuchi.replies(1, "確認いたします。")
    time.passes(seconds=10)


@pytest.mark.usefixtures("busy_shop")
def test_an_outsider_sees_nothing_of_it(isobe):
    for page in (("inbox", "all"), ("orders",), ("customers",)):
        seen = isobe.sees(*page)
        assert "バッグの件" not in seen
        assert "髙橋" not in seen
        assert "misaki" not in seen
    message = Case.objects.get().messages.order_by("id").first()
    for page in (
        ("inbox", "all"),
        ("case", 1),
        ("orders",),
        ("customers",),
        ("customer", Customer.objects.get().pk),
        ("message_raw", message.pk),
    ):
        assert isobe.browser.get(isobe.address(*page, shop="komorebi")).status_code == 404
        if page[-1] not in {"all", "orders", "customers"}:
            assert isobe.browser.get(isobe.address(*page)).status_code == 404  # the same number in her own shop


@pytest.mark.usefixtures("busy_shop")
def test_an_outsider_can_do_nothing_to_it(time, isobe):
    for name, fields in (
        ("reply", {"text": "よそ者です", "to": "misaki@mail.example", "seen": "9"}),
        ("note", {"text": "よそ者です"}),
        ("close", {"resolution": "answered"}),
        ("assign", {"to": str(isobe.membership.pk)}),
    ):
        answer = isobe.browser.post(isobe.address(name, 1, shop="komorebi"), fields)
        assert answer.status_code == 404, name
    time.passes(minutes=1)
    case = Case.objects.get()
    assert (case.status, case.messages.count(), case.notes.count(), LeftMail.objects.count()) == ("waiting", 2, 0, 1)


@pytest.mark.usefixtures("busy_shop")
def test_the_same_person_is_another_customer_in_another_shop(time, other_mailbox, isobe, takeuchi, misaki):
    misaki.writes(other_mailbox, "干物の件", "のどぐろはいつ届きますか。KM-20417とは別の注文です。")
    time.passes(seconds=5)

    case = isobe.sees("case", 1)
    assert "のどぐろはいつ届きますか。" in case
    assert "バッグの件" not in case
    assert "干物の件" not in takeuchi.sees("inbox", "all")
    assert sorted(Customer.objects.values_list("shop__slug", flat=True)) == ["komorebi", "shiosai"]
    assert sorted(Case.objects.values_list("shop__slug", "number")) == [("komorebi", 1), ("shiosai", 1)]


@pytest.mark.usefixtures("busy_shop")
def test_an_answer_that_lands_in_the_wrong_shop_does_not_enter_the_first_ones_case(time, other_mailbox, isobe, misaki):
    [answer] = misaki.mails()

    misaki.writes(other_mailbox, "Re: バッグの件", "宛先を間違えました。", answers=answer)  # with the first one's token
    time.passes(seconds=5)

    assert "宛先を間違えました。" in isobe.sees("case", 1)
    first = Case.objects.get(shop__slug="komorebi")
    assert [message.direction for message in first.messages.order_by("id")] == ["in", "out"]
