"""The settings as the owner fills them in, and who may not."""

import re
from datetime import date, time

import pytest
from django.urls import reverse

from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.plumbing.jobs.models import Job
from anshin.plumbing.journal.models import JournalEntry
from anshin.shops import queries, rules
from anshin.shops.models import Membership, Person
from anshin.shops.terms import Permission, Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]
SHOP = {
    "name": "こもれび雑貨店",
    "name_en": "Komorebi Goods",
    "contact_mail": "support@komorebi.example",
    "reply_target_hours": "4.5",
    "order_formats": "KM-#####\r\nkomorebi-########",
    "signature": "こもれび雑貨店\r\n電話 0263-00-0000\r\n\r\n",
}
INVITED = {"email": "mori@komorebi.example", "name": "森 葉子", "role": "agent", "language": "ja"}


def address(name, *args):
    return reverse(f"staff:{name}", args=["komorebi", *args])


def facts(event):
    return JournalEntry.objects.filter(event=event).count()


@pytest.fixture
def desk(signed_in, owner):
    return signed_in(owner)


def test_the_settings_are_saved_and_said(desk, shop):
    page = desk.post(address("settings"), SHOP, follow=True)
    assert "設定を保存しました。" in page.content.decode()
    shop.refresh_from_db()
    assert (shop.reply_target_minutes, shop.order_formats) == (270, ["KM-#####", "komorebi-########"])
    assert shop.signature == "こもれび雑貨店\n電話 0263-00-0000"


def test_the_form_shows_what_is_saved(desk, shop):
    page = desk.get(address("settings"))
    assert page.context["form"]["reply_target_hours"].value() == "8"
    assert page.context["form"]["order_formats"].value() == "KM-#####"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "このフィールドは必須です。"),
        ("contact_mail", "support@", "有効なメールアドレスを入力してください。"),
        ("reply_target_hours", "0", "0.5"),
        ("order_formats", "KM-##", "# が3つ以上必要です"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(desk, shop, field, value, words):
    answer = desk.post(address("settings"), SHOP | {field: value})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in html
    assert words in html
    shop.refresh_from_db()
    assert (shop.name_en, shop.reply_target_minutes, facts("shop.changed")) == ("", 480, 0)


@pytest.mark.parametrize(
    ("example", "found"),
    [
        ("注文 ＫＭ２０４１７ の件", [{"number": "KM-20417", "format": "KM-#####"}]),
        ("komorebi-10012345", [{"number": "komorebi-10012345", "format": "komorebi-########"}]),
        ("KM-2041", []),
    ],
)
def test_shapes_are_tried_on_an_example_without_being_saved(desk, shop, example, found):
    part = desk.post(address("settings_check_numbers"), SHOP | {"example": example})
    whole = desk.post(address("settings"), SHOP | {"example": example, "check": "1"})
    assert part.context["check"] == whole.context["check"] == {"found": found}
    assert part.content.decode().lstrip().startswith('<div id="number-check"')
    shop.refresh_from_db()
    assert shop.order_formats == ["KM-#####"]


def test_the_week_is_saved(desk, shop):
    week = {"opens_0": "09:00", "closes_0": "17:30", "opens_5": "10:00", "closes_5": "15:00"}
    desk.post(address("settings_hours"), week)
    assert queries.week_of(shop) == {0: (time(9), time(17, 30)), 5: (time(10), time(15))}


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({"opens_0": "09:00"}, "開始と終了の両方を入力してください"),
        ({"opens_0": "18:00", "closes_0": "09:00"}, "終了時刻は開始時刻より後にしてください"),
        ({"opens_0": "soon", "closes_0": "09:00"}, "時間を正しく入力してください"),
    ],
)
def test_a_week_that_cannot_be_is_refused_beside_the_day(desk, shop, week, words):
    former = queries.week_of(shop)
    answer = desk.post(address("settings_hours"), week)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert queries.week_of(shop) == former


def test_a_holiday_is_added_and_removed(desk, shop):
    desk.post(address("settings_add_holiday"), {"on": "2026-12-30", "name": "棚卸し"})
    [day] = queries.holidays_of(shop, since=date(2026, 11, 20))
    page = desk.get(address("settings_hours")).content.decode()
    assert "12月30日(水)" in page
    assert "勤労感謝の日" in page
    desk.post(address("settings_remove_holiday", day.pk))
    assert not queries.holidays_of(shop, since=date(2026, 11, 20))


def test_a_holiday_known_already_is_said_beside_the_day(desk, shop):
    for _time in range(2):
        answer = desk.post(address("settings_add_holiday"), {"on": "2026-12-30", "name": "棚卸し"})
    assert answer.status_code == 422
    assert "この日はもう登録されています" in answer.content.decode()
    assert facts("shop.holiday_added") == 1


def test_an_invitation_makes_a_colleague_and_a_letter(desk, shop, letters, now):
    page = desk.post(address("settings_staff"), INVITED, follow=True).content.decode()
    run_due_jobs(now=now)
    assert "mori@komorebi.example に招待メールを送ります。" in page
    assert "招待し直す" in page
    assert "http://localhost:8000/account/login/code/" in letters.left[0].text
    assert Membership.objects.get(person__email="mori@komorebi.example").role == "agent"


def test_a_colleague_is_not_invited_twice(desk, agent, letters):
    answer = desk.post(address("settings_staff"), INVITED | {"email": agent.person.email})
    assert answer.status_code == 422
    assert "この人はすでにスタッフです" in answer.content.decode()
    assert (Job.objects.count(), Person.objects.count()) == (0, 2)


def test_a_role_is_changed(desk, agent):
    page = desk.post(address("settings_role", agent.pk), {"role": "manager"}, follow=True)
    agent.refresh_from_db()
    assert agent.role == "manager"
    assert "竹内 涼さんの役割を「責任者」にしました。" in page.content.decode()


def test_an_unknown_role_is_not_found(desk, agent):
    assert desk.post(address("settings_role", agent.pk), {"role": "emperor"}).status_code == 404
    agent.refresh_from_db()
    assert agent.role == "agent"


@pytest.mark.parametrize(("name", "values"), [("settings_role", {"role": "agent"}), ("settings_end", {})])
def test_the_last_owner_stays_and_reads_why(desk, owner, name, values):
    page = desk.post(address(name, owner.pk), values, follow=True)
    owner.refresh_from_db()
    assert (owner.role, owner.is_active) == ("owner", True)
    assert "店主が1人以上必要です" in page.content.decode()


def test_access_ends_at_once_and_can_be_given_back(desk, signed_in, agent):
    theirs = signed_in(agent)
    assert theirs.get(address("inbox", "mine")).status_code == 200
    page = desk.post(address("settings_end", agent.pk), follow=True).content.decode()
    assert theirs.get(address("inbox", "mine")).url.startswith("/account/login/")
    assert "利用を終えたスタッフ" in page
    desk.post(address("settings_back", agent.pk))
    agent.refresh_from_db()
    assert (agent.is_active, agent.role) == (True, "agent")
    assert signed_in(agent).get(address("inbox", "mine")).status_code == 200


def test_an_invitation_can_be_sent_again(desk, agent, letters, now):
    desk.post(address("settings_invite_again", agent.pk))
    run_due_jobs(now=now)
    assert [letter.to for letter in letters.left] == ["takeuchi@komorebi.example"]


@pytest.mark.parametrize("name", ["settings_role", "settings_end", "settings_back", "settings_invite_again"])
def test_staff_of_another_shop_cannot_be_reached(desk, stranger, name):
    assert desk.post(address(name, stranger.pk), {"role": "owner"}).status_code == 404
    stranger.refresh_from_db()
    assert (stranger.role, stranger.is_active, Job.objects.count()) == ("agent", True, 0)


@pytest.mark.parametrize("role", ["manager", "agent", "warehouse"])
@pytest.mark.parametrize("name", ["settings", "settings_hours", "settings_staff"])
def test_everybody_but_the_owner_is_refused(request, signed_in, shop, role, name):
    client = signed_in(request.getfixturevalue(role))
    people = Person.objects.count()
    assert client.get(address(name)).status_code == 403
    assert client.post(address(name), SHOP | INVITED).status_code == 403
    shop.refresh_from_db()
    assert (shop.name_en, Person.objects.count(), facts("shop.opening_hours_set")) == ("", people, 0)


def test_the_mailboxes_are_one_click_away(desk, shop):
    assert reverse("email:mailboxes", args=["komorebi"]) in desk.get(address("settings")).content.decode()


def test_the_staff_page_costs_the_same_for_many(desk, shop, django_assert_num_queries, now):
    from tests.conftest import member

    for number in range(10):
        member(shop, "agent", f"agent{number}@komorebi.example", f"担当 {number}")
    desk.get(address("settings_staff"))  # the rail's counts are kept for a while
    with django_assert_num_queries(6):  # session, person with shops, everybody, rail twice, notices
        desk.get(address("settings_staff"))


def test_what_each_role_may_do_is_drawn_from_the_table_that_actions_ask(desk):
    page = desk.get(address("settings_staff")).content.decode()
    rows = re.findall(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', page)
    assert len(rows) == len(Permission)
    for permission, (words, cells) in zip(Permission, rows, strict=True):
        assert words == str(permission.label)
        assert [said == "できる" for said in re.findall(r'sr-only">(.*?)<', cells)] == [
            permission in rules.MAY[role] for role in Role
        ]
