"""The door of the customers' pages, tried as an outsider would: answers equal to the byte, nothing of anybody else."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from anshin.cases import actions as cases
from anshin.cases.models import Case
from anshin.cases.terms import Party
from anshin.visits.models import Visit
from tests.cases.writing import arrive
from tests.visits.conftest import bought, moved, slot, world  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
DOOR = "/p/komorebi/"


def code_of(slot):  # noqa: F811
    return re.search(r"\b\d{6}\b", slot.left[-1].text)[0]


@pytest.fixture
def inside(client, world, slot, moved, now):  # noqa: F811
    """A browser in which Misaki has come in."""
    moved(now)
    client.post(DOOR, {"number": "KM-20417", "contact": "misaki@mail.example"})
    moved(now)
    assert client.post(f"{DOOR}code", {"code": code_of(slot)}).status_code == 302
    return client


def plain(answer):
    """The body without what differs at each drawing: the form's token."""
    return plain_of(answer.content.decode())


def plain_of(page):
    return re.sub(r'(csrfmiddlewaretoken" value=|csrf-token" content=)"[^"]*"', "", page)


@pytest.mark.parametrize("code", ["000000", "", "abc", "9" * 40])
def test_the_answers_are_equal_to_the_byte_whether_the_order_exists_or_not(world, slot, moved, now, code):  # noqa: F811
    seen = []
    for number, contact in [
        ("KM-20417", "misaki@mail.example"),
        ("KM-20417", "nobody@mail.example"),
        ("KM-77777", "misaki@mail.example"),
        ("KM-20500", "090-0000-0000"),
    ]:
        browser = Client()
        moved(now)
        asked = browser.post(DOOR, {"number": number, "contact": contact}, REMOTE_ADDR="203.0.113.9")
        moved(now)
        shown = browser.get(f"{DOOR}code")
        tried = [browser.post(f"{DOOR}code", {"code": code}) for _ in range(7)]
        moved(now + timedelta(minutes=11))
        late = browser.post(f"{DOOR}code", {"code": code})
        heads = [
            (each.status_code, sorted(each.headers), sorted(each.cookies)) for each in (asked, shown, *tried, late)
        ]
        seen.append((heads, asked.headers["Location"], plain(shown), [plain(each) for each in tried], plain(late)))
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert [each.status_code for each in tried] == [422] * 4 + [429] * 3
    assert len(slot.left) == 1


def test_too_many_requests_are_refused_in_words_and_equally(client, world, moved, now):  # noqa: F811
    moved(now)
    for number in ("KM-20417", "KM-77777"):
        answers = [client.post(DOOR, {"number": number, "contact": f"{number}@mail.example"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert "1時間ほどおいてから" in answers[-1].content.decode()


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(client, world):  # noqa: F811
    answer = client.post(DOOR, {"number": "", "contact": "misaki@mail.example"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "注文番号を入れてください。" in shown
    assert 'value="misaki@mail.example"' in shown


def test_inside_are_own_orders_only(inside, world):  # noqa: F811
    shown = inside.get(DOOR).content.decode()
    assert "KM-20417" in shown
    assert "KM-20500" not in shown
    assert "SF-00001" not in shown
    assert inside.get(f"{DOOR}orders/{world.order.pk}").status_code == 200
    for other in (world.others.pk, world.elsewhere.pk, 999_999, 2**62):
        assert inside.get(f"{DOOR}orders/{other}").status_code == 404


def test_a_cookie_opens_its_own_shop_only(inside, world):  # noqa: F811
    word = inside.cookies["anshin_visit"]
    assert word["path"] == "/p/komorebi/"
    assert word["httponly"]
    assert word["samesite"] == "Lax"
    thief = Client()
    thief.cookies["anshin_visit"] = word.value
    assert thief.get("/p/shiosai/").content.decode().count("SF-00001") == 0
    assert thief.get(f"/p/shiosai/orders/{world.elsewhere.pk}").status_code == 302
    for wrong in (
        word.value.swapcase(),
        "",
        "a" * 5000,
        str(Visit.objects.get().pk),
        Visit.objects.get().token_key,
    ):
        thief.cookies["anshin_visit"] = wrong
        assert thief.get(f"{DOOR}orders/{world.order.pk}").status_code == 302


@pytest.mark.parametrize("path", ["orders/1", "code"])
def test_nobody_is_led_to_the_door(client, shop, path):
    answer = client.get(f"{DOOR}{path}")
    assert (answer.status_code, answer.headers["Location"]) == (302, DOOR)
    assert client.get(f"/p/nowhere/{path}").status_code == 404


def test_half_an_hour_without_a_page_ends_it_and_pages_keep_it_open(inside, world, moved, now):  # noqa: F811
    page = f"{DOOR}orders/{world.order.pk}"
    for minutes in (25, 50, 75):
        moved(now + timedelta(minutes=minutes))
        assert inside.get(page).status_code == 200
    moved(now + timedelta(minutes=106))
    answer = inside.get(page)
    assert answer.headers["Location"] == f"{DOOR}?said=over"
    assert "しばらくお使いにならなかった" in inside.get(answer.headers["Location"]).content.decode()


def test_after_leaving_the_cookie_is_worth_nothing(inside, world):  # noqa: F811
    word = inside.cookies["anshin_visit"].value
    assert inside.get(f"{DOOR}leave").status_code == 405
    assert inside.post(f"{DOOR}leave").status_code == 302
    inside.cookies["anshin_visit"] = word
    assert inside.get(f"{DOOR}orders/{world.order.pk}").status_code == 302


def test_a_post_from_elsewhere_is_refused(world):  # noqa: F811
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(DOOR, {"number": "KM-20417", "contact": "misaki@mail.example"}).status_code == 403


def test_cases_without_notes_or_what_was_said_to_others(inside, shop, agent, world, post, moved, now):  # noqa: F811
    misaki = Party("髙橋 美咲", "misaki@mail.example")
    mine = arrive(shop, "m@x", at=now, sender=misaki, subject="色が違います", text="灰色でした。\n\nよろしく").case
    other = arrive(shop, "d@x", at=now, sender=Party("森 大地", "daichi@mail.example"), subject="ほかの人の件").case
    cases.add_note(by=agent, case_id=mine.pk, text="社内の秘密", now=now)
    mine = Case.objects.get(pk=mine.pk)
    carrier = [Party("運送", "claims@carrier.example")]
    cases.reply(
        by=agent, case_id=mine.pk, text="運送会社への問い合わせ", to=carrier, read_at_version=mine.version, now=now
    )
    moved(now + timedelta(minutes=1))
    shown = inside.get(DOOR).content.decode()
    assert "色が違います" in shown
    assert "灰色でした。" in shown
    for hidden in ("社内の秘密", "運送会社への問い合わせ", "ほかの人の件", str(other.subject)):
        assert hidden not in shown
    mine = Case.objects.get(pk=mine.pk)
    cases.reply(by=agent, case_id=mine.pk, text="お調べします。", to=[misaki], read_at_version=mine.version, now=now)
    assert "お調べします。" not in inside.get(DOOR).content.decode()
    moved(now + timedelta(minutes=2))
    assert "お調べします。" in inside.get(DOOR).content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Your orders and messages"),
        ("zh-Hans", "您的订单与咨询"),
        ("zh-Hant", "您的訂單與諮詢"),
        ("ko", "주문과 문의"),
    ],
)
def test_it_speaks_five_languages_and_remembers(inside, language, words):
    assert words in inside.get(f"{DOOR}?language={language}").content.decode()
    shown = inside.get(DOOR).content.decode()
    assert words in shown
    assert f'<html lang="{language}"' in shown
    assert "$" not in re.sub(r"<[^>]+>", "", shown.partition("<main")[2])


def test_few_questions_to_the_database_however_many_orders(inside, shop, django_assert_max_num_queries, now):
    for number in range(30):
        bought(shop, f"KM-3{number:04d}", at=now - timedelta(days=number))
    with django_assert_max_num_queries(7):
        shown = inside.get(DOOR)
    more = re.search(r'href="(\?cursor=[^"]+)"', shown.content.decode())[1]
    assert "KM-30015" in inside.get(DOOR + more.replace("&amp;", "&")).content.decode()
    assert inside.get(f"{DOOR}?cursor=nonsense").status_code == 404


def test_the_shops_site_hands_over(client, owner, world, moved, now):  # noqa: F811
    from anshin.visits import actions
    from tests.visits.test_handing import token

    moved(now)
    secret = actions.make_key(by=owner, now=now)
    where = f"{DOOR}enter?token={token(secret, now)}"
    assert client.get(where).headers["Location"] == DOOR
    assert "KM-20417" in client.get(DOOR).content.decode()
    again = Client().get(where)
    assert again.status_code == 403
    assert "すでに使われています" in again.content.decode()
    assert Client().get(f"{DOOR}enter").status_code == 403


def test_a_hand_over_that_ran_out_is_explained_and_the_next_one_opens(client, owner, world, moved, now):  # noqa: F811
    from anshin.visits import actions
    from tests.visits.test_handing import token

    secret = actions.make_key(by=owner, now=now)
    late = now + timedelta(minutes=6)
    moved(late)
    answer = client.get(f"{DOOR}enter?token={token(secret, now)}")
    assert answer.status_code == 403
    assert "期限" in answer.content.decode()
    assert "anshin_visit" not in client.cookies
    assert client.get(f"{DOOR}orders/{world.order.pk}").status_code == 302
    assert client.get(f"{DOOR}enter?token={token(secret, late)}").headers["Location"] == DOOR
    assert client.get(f"{DOOR}orders/{world.order.pk}").status_code == 200


def test_somebody_elses_number_in_the_doors_address_is_only_a_word(client, world):  # noqa: F811
    shown = client.get(f"{DOOR}?order=KM-20500").content.decode()
    unknown = client.get(f"{DOOR}?order=KM-99999").content.decode()
    main, other = (plain_of(page).partition("<main")[2] for page in (shown, unknown))
    assert "KM-20500" in main
    assert main.replace("KM-20500", "") == other.replace("KM-99999", "")


def test_settings_show_a_key_once(client, owner, agent, shop):
    page = "/s/komorebi/settings/portal"
    client.force_login(owner.person)
    made = client.post(page, {"do": "make"}).content.decode()
    secret = re.search(r"<code[^>]*>([\w-]{40,})</code>", made)[1]
    assert secret not in client.get(page).content.decode()
    client.force_login(agent.person)
    assert client.post(page, {"do": "make"}).status_code == 403


def test_a_code_is_worth_nothing_the_second_time(inside, world, slot):  # noqa: F811
    handle = Client()
    handle.cookies["anshin_code"] = "x"
    again = inside.post(f"{DOOR}code", {"code": code_of(slot)})
    assert (again.status_code, again.headers["Location"]) == (302, DOOR)  # the word for it is gone from the browser
    assert handle.post(f"{DOOR}code", {"code": code_of(slot)}).status_code == 422
    assert Visit.objects.count() == 1


def test_a_thousand_tries_from_many_browsers_with_a_stolen_word_open_nothing(client, world, slot, moved, now):  # noqa: F811
    moved(now)
    client.post(DOOR, {"number": "KM-20417", "contact": "misaki@mail.example"})
    moved(now)
    word, right = client.cookies["anshin_code"].value, code_of(slot)
    wrong = [code for code in (f"{number:06}" for number in range(1_001)) if code != right][:1_000]
    seen = set()
    for number, code in enumerate(wrong):
        thief = Client(REMOTE_ADDR=f"203.0.{number % 113}.{number % 250}")
        thief.cookies["anshin_code"] = word
        seen.add(thief.post(f"{DOOR}code", {"code": code}).status_code)
    assert seen == {422, 429}
    assert client.post(f"{DOOR}code", {"code": right}).status_code == 429
    assert not Visit.objects.exists()
