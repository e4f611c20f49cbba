"""The contact form as a customer meets it: guided, forgiving, and closed to those who try it on."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anshin.cases.models import Attachment, Case, Message, OrderLink
from anshin.channels.web_form import actions, jobs
from anshin.channels.web_form.models import Submission
from anshin.channels.web_form.terms import INTAKE, Kind
from anshin.commerce.models import Customer, Product
from anshin.plumbing import clock
from anshin.plumbing.jobs.models import Job

pytestmark = pytest.mark.django_db
ADDRESS = "/f/komorebi/not_arrived"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@pytest.fixture(autouse=True)
def page_clock(monkeypatch, now):
    """A clock that the test moves: `page_clock["now"]`."""
    held = {"now": now}
    monkeypatch.setattr(clock, "now", lambda: held["now"])
    return held


@pytest.fixture
def english(client):
    client.cookies["anshin_language"] = "en"
    return client


def ticket_of(page):
    return re.search(r'name="ticket" value="([^"]+)"', page.content.decode()).group(1)


def filled(**changes):
    return {
        "text": "11月10日に注文しましたが、まだ届きません。発送のメールもありません。",
        "order_number": "ＫＭ－２０４１７",
        "since": "先週の金曜",
        "wish": "whereabouts",
        "name": "柏木 由紀子",
        "mail": "Y-Kashiwagi@mail.example",
        "phone": "０９０１２３４５６７８",
        "website": "",
        "asked": "",
        **changes,
    }


def send(client, page_clock, address=ADDRESS, *, ticket="", seconds=60, **changes):
    """Open the page, fill it in for `seconds`, send it."""
    ticket = ticket or ticket_of(client.get(address))
    page_clock["now"] += timedelta(seconds=seconds)
    wish = "whereabouts" if address == ADDRESS else "exchange"
    return client.post(address, filled(**{"ticket": ticket, "wish": wish, **changes}))


def words(page):
    return unescape(page.content.decode())


def nothing_happened():
    return (Case.objects.count(), Message.objects.count(), Customer.objects.count()) == (0, 0, 0)


def test_the_first_step_names_every_kind_and_asks_nothing_else(english, shop):
    page = words(english.get("/f/komorebi/"))
    assert all(str(kind.label) in page or f"/f/komorebi/{kind.value}" in page for kind in Kind)
    assert len(re.findall(r'class="choice"', page)) == len(Kind)
    assert "<textarea" not in page


def test_sending_without_a_kind_is_refused_with_a_sentence(english, shop):
    page = english.post("/f/komorebi/", filled())
    assert page.status_code == 422
    assert "Please choose first what it is about" in words(page)
    assert (nothing_happened(), Submission.objects.count()) == (True, 0)


@pytest.mark.parametrize("address", ["/f/nobody/", "/f/nobody/other", "/f/komorebi/unheard", "/f/komorebi/received/x"])
def test_what_does_not_exist_is_404(client, shop, address):
    assert client.get(address).status_code == 404


def test_a_filled_in_form_becomes_a_case(client, shop, page_clock):
    answer = send(client, page_clock)
    assert answer.status_code == 302
    case, message = Case.objects.get(), Message.objects.get()
    assert (case.channel, case.topic, case.status) == ("web_form", "delivery.late_or_missing", "open")
    assert (message.sender_name, message.sender_mail) == ("柏木 由紀子", "y-kashiwagi@mail.example")
    assert message.text.startswith("11月10日に注文しましたが")
    assert case.subject == "商品が届かない（KM-20417）"
    assert "先週の金曜 → 11月13日(金)" in message.text
    assert "090-1234-5678" in message.text
    submission = Submission.objects.get()
    assert (submission.fate, submission.message_id) == ("taken_in", message.pk)
    assert submission.fields["phone"] == "０９０１２３４５６７８"


@pytest.mark.parametrize(
    ("bought", "read"),
    [
        ("令和6年4月1日", "購入日: 令和6年4月1日 → 2024年4月1日(月)"),
        ("先週", "購入日: 先週 → 11月9日(月)～11月15日(日)"),
        ("2026年11月2日", "購入日: 2026年11月2日\n"),
        ("覚えていません", "購入日: 覚えていません\n"),
    ],
)
@pytest.mark.parametrize(
    ("product", "meant"),
    [("ＤＨ－０６", "商品名・型番: ＤＨ－０６ → 加湿器 しずく（DH-06-W）"), ("帽子", "商品名・型番: 帽子\n")],
)
def test_day_and_product_are_read_for_the_clerk(client, shop, other_shop, page_clock, bought, read, product, meant):
    Product.objects.create(shop=shop, sku="DH-06-W", name="加湿器 しずく", model_number="DH06")
    Product.objects.create(shop=other_shop, sku="BO-0001", name="帽子")
    send(client, page_clock, "/f/komorebi/defect", bought=bought, product=product)
    text = Message.objects.get().text + "\n"
    assert read in text
    assert meant in text


def test_the_receipt_says_number_and_answer_day(english, shop, page_clock):
    answer = send(english, page_clock)
    page = words(english.get(answer.url))
    assert f">{Case.objects.get().number}<" in page
    assert "We answer by <strong>Tue 24 Nov</strong>" in page  # Friday 14:01 + 8 business hours; Monday is a holiday
    assert "y-kashiwagi@mail.example" in page


def test_a_receipt_of_another_shop_is_404(client, shop, other_shop, page_clock):
    code = send(client, page_clock).url.rsplit("/", 1)[1]
    assert client.get(f"/f/shiosai/received/{code}").status_code == 404


def test_sending_twice_is_one_case(client, shop, page_clock):
    ticket = ticket_of(client.get(ADDRESS))
    first = send(client, page_clock, ticket=ticket)
    second = send(client, page_clock, ticket=ticket)
    assert first.status_code == second.status_code == 302
    assert (Case.objects.count(), Message.objects.count(), Submission.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("text", " 　\n", "Please write what it is about."),
        ("name", "", "Please enter your name"),
        ("mail", "", "Please enter your mail address."),
        ("mail", "kashiwagi@mail", "This is not a whole mail address."),
        ("phone", "090", "This is not a whole phone number."),
    ],
)
def test_a_gap_is_said_beside_its_field_and_nothing_typed_is_lost(english, shop, page_clock, field, value, sentence):
    page = send(english, page_clock, **{field: value})
    assert page.status_code == 422
    shown = words(page)
    beside = shown.split(f'id="f_{field}_error"')[1].split("</div>")[0]
    assert sentence in beside
    assert f'href="#f_{field}"' in shown
    kept = {"text": "まだ届きません", "name": "柏木 由紀子", "mail": "Y-Kashiwagi@mail.example"}
    assert all(words_ in shown for name, words_ in kept.items() if name != field)
    assert nothing_happened()
    assert Submission.objects.get().fate == "incomplete"
    assert sentence in Submission.objects.get().reason_words


def test_a_corrected_page_becomes_one_case_and_one_submission(client, shop, page_clock):
    refused = send(client, page_clock, name="")
    assert send(client, page_clock, ticket=ticket_of(refused)).status_code == 302
    assert (Case.objects.count(), Submission.objects.count()) == (1, 1)


def test_a_vague_text_is_asked_about_once(english, shop, page_clock):
    asked = send(english, page_clock, text="動かない")
    assert "Please write a little more" in words(asked)
    memory = re.search(r'name="asked" value="([^"]*)"', words(asked)).group(1)
    again = send(english, page_clock, ticket=ticket_of(asked), text="動かない", asked=memory)
    assert (again.status_code, Message.objects.get().text.splitlines()[0]) == (302, "動かない")


def test_a_probable_slip_in_the_mail_address_is_asked_about_once(english, shop, page_clock):
    asked = send(english, page_clock, mail="yukiko@gmial.com")
    assert "Did you mean yukiko@gmail.com?" in words(asked)
    memory = re.search(r'name="asked" value="([^"]*)"', words(asked)).group(1)
    again = send(english, page_clock, ticket=ticket_of(asked), mail="yukiko@gmial.com", asked=memory)
    assert (again.status_code, Message.objects.get().sender_mail) == (302, "yukiko@gmial.com")


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_asks_only_what_fits_it(client, shop, kind):
    page = client.get(f"/f/komorebi/{kind.value}").content.decode()
    intake = INTAKE[kind]
    asked = {
        name for name in ("order_number", "bought", "product", "since", "wish", "photos") if f'name="{name}"' in page
    }
    fits = {
        "order_number": intake.asks_order,
        "product": intake.asks_product,
        "bought": intake.asks_bought,
        "since": bool(intake.since),
        "wish": bool(intake.wishes),
        "photos": bool(intake.asks_photos),
    }
    assert asked == {name for name, is_asked in fits.items() if is_asked}


def test_the_order_number_of_the_link_is_not_asked_again(client, shop):
    assert 'value="KM-20417"' in client.get(f"{ADDRESS}?order=KM-20417").content.decode()
    assert "?order=KM-20417" in client.get("/f/komorebi/?order=KM-20417").content.decode()


def test_pictures_survive_a_correction_and_come_with_the_case(client, shop, page_clock):
    photo = SimpleUploadedFile("箱.png", PNG, content_type="image/png")
    refused = send(client, page_clock, "/f/komorebi/wrong_item", name="", photos=photo)
    assert "箱.png" in words(refused)
    done = send(client, page_clock, "/f/komorebi/wrong_item", ticket=ticket_of(refused))
    assert done.status_code == 302
    assert list(Attachment.objects.values_list("name", "blob__kind")) == [("箱.png", "image/png")]


def test_a_picture_can_be_taken_out_again(client, shop, page_clock):
    photo = SimpleUploadedFile("箱.png", PNG, content_type="image/png")
    refused = send(client, page_clock, "/f/komorebi/wrong_item", name="", photos=photo)
    drop = re.search(r'name="drop" id="[^"]+" value="(\d+)"', words(refused)).group(1)
    send(client, page_clock, "/f/komorebi/wrong_item", ticket=ticket_of(refused), drop=drop)
    assert (Case.objects.count(), Attachment.objects.count()) == (1, 0)


def test_a_sixth_picture_is_refused_with_a_sentence(english, shop, page_clock):
    photos = [SimpleUploadedFile(f"{n}.png", PNG + bytes([n])) for n in range(6)]
    page = send(english, page_clock, "/f/komorebi/wrong_item", photos=photos)
    assert (page.status_code, nothing_happened()) == (422, True)
    assert "At most 5 files can be sent. “5.png” was left out." in words(page)


def test_a_program_is_refused_and_not_kept(english, shop, page_clock):
    page = send(english, page_clock, "/f/komorebi/wrong_item", photos=SimpleUploadedFile("a.jpg", b"MZ" + b"\x00" * 99))
    assert "“a.jpg” cannot be attached" in words(page)
    assert (nothing_happened(), Submission.objects.get().files.count()) == (True, 0)


def test_html_named_jpg_is_only_ever_a_download(client, shop, agent, page_clock):
    sneaky = SimpleUploadedFile("cat.jpg", b"<html><script>alert(1)</script>", content_type="image/jpeg")
    assert send(client, page_clock, "/f/komorebi/wrong_item", photos=sneaky).status_code == 302
    file = Attachment.objects.get()
    client.force_login(agent.person, backend="anshin.staff.sign_in.StaffBackend")
    answer = client.get(f"/s/komorebi/files/{file.pk}")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert client.get(f"/s/komorebi/files/{file.pk}/small").status_code == 404


def test_fifty_megabytes_are_refused_before_they_are_read(english, shop):
    page = english.post(ADDRESS, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=50 * 1024 * 1024)
    assert page.status_code == 413
    assert "Together they may have up to 25 MB" in words(page)
    assert (nothing_happened(), Submission.objects.count()) == (True, 0)


def test_a_page_from_elsewhere_is_refused(shop):
    outside = Client(enforce_csrf_checks=True)
    assert outside.post(ADDRESS, filled()).status_code == 403
    assert outside.post("/f/komorebi/", filled()).status_code == 403
    assert (nothing_happened(), Submission.objects.count()) == (True, 0)


def test_our_own_page_passes_the_check(shop, page_clock):
    inside = Client(enforce_csrf_checks=True)
    page = inside.get(ADDRESS)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', words(page)).group(1)
    page_clock["now"] += timedelta(seconds=30)
    answer = inside.post(ADDRESS, filled(ticket=ticket_of(page), csrfmiddlewaretoken=token))
    assert answer.status_code == 302


def test_line_breaks_in_names_make_no_header_and_markup_stays_text(client, shop, agent, page_clock):
    evil = 'A\r\nBcc: x@evil.example"<script>alert(1)</script>'
    send(client, page_clock, name=evil, order_number="<img src=x>", text="<script>alert(2)</script> 届きません。")
    message = Message.objects.get()
    assert "\n" not in message.sender_name + message.subject
    assert "\r" not in message.sender_name + message.subject + message.text
    client.force_login(agent.person, backend="anshin.staff.sign_in.StaffBackend")
    page = client.get(f"/s/komorebi/c/{Case.objects.get().number}").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page


def test_markup_comes_back_escaped(client, shop, page_clock):
    page = send(client, page_clock, name="", text="</textarea><script>alert(1)</script> 届きません。")
    assert "<script>alert" not in page.content.decode()


def test_a_known_an_unknown_and_another_shops_order_look_the_same(client, shop, other_shop, page_clock):
    pages = []
    for number in ("KM-20417", "KM-99999", "SF-00001"):
        answer = send(client, page_clock, order_number=number, mail=f"{number}@mail.example".lower())
        page = words(client.get(answer.url))
        pages.append(re.sub(r"[a-z]{2}-\d{5}@mail.example|>\d+<|csrf[^>]+>|received/[\w:.-]+", "", page))
    stripped = {re.sub(r'value="[^"]*"|content="[^"]*"|data-now="\d+"', "", page) for page in pages}
    assert len(stripped) == 1
    assert OrderLink.objects.count() == 0


def test_a_field_that_nobody_sees_catches_machines_but_lets_people_send_again(english, shop, page_clock):
    page = send(english, page_clock, website="https://spam.example")
    assert (page.status_code, nothing_happened()) == (422, True)
    assert Submission.objects.get().fate == "suspect"
    assert "spam.example" not in words(page)
    assert send(english, page_clock, ticket=ticket_of(page)).status_code == 302


def test_what_was_filled_in_within_a_second_is_sent_back(english, shop, page_clock):
    page = send(english, page_clock, seconds=1)
    assert (page.status_code, nothing_happened()) == (422, True)
    assert "That was very quick" in words(page)
    assert send(english, page_clock, ticket=ticket_of(page), seconds=5).status_code == 302


def test_a_ticket_made_up_or_a_day_old_gives_a_fresh_page_with_everything_typed(english, shop, page_clock):
    old = ticket_of(english.get(ADDRESS))
    for ticket, seconds in (("made-up", 9), (old, 25 * 3600)):
        page = send(english, page_clock, ticket=ticket, seconds=seconds)
        assert (page.status_code, nothing_happened(), Submission.objects.count()) == (422, True, 0)
        assert "open for too long" in words(page)
        assert "まだ届きません" in words(page)
        assert ticket_of(page) not in {"made-up", old}


def test_a_ticket_of_another_shop_is_not_taken(english, shop, other_shop, page_clock):
    foreign = ticket_of(english.get("/f/shiosai/not_arrived"))
    assert send(english, page_clock, ticket=foreign).status_code == 422
    assert nothing_happened()


def test_the_seventh_message_of_one_mail_address_in_an_hour_waits(english, shop, page_clock):
    for number in range(6):
        assert send(english, page_clock, seconds=5, order_number=f"KM-2041{number}").status_code == 302
    page = send(english, page_clock, seconds=5)
    assert page.status_code == 429
    assert "Please wait a while" in words(page)
    assert "まだ届きません" in words(page)
    assert Message.objects.count() == 6
    assert send(english, page_clock, ticket=ticket_of(page), seconds=3600).status_code == 302


def test_one_network_address_may_write_twelve_times_an_hour(english, shop, page_clock):
    english.defaults["REMOTE_ADDR"] = "8.8.8.8"
    answers = [send(english, page_clock, seconds=5, mail=f"a{n}@mail.example").status_code for n in range(13)]
    assert answers == [302] * 12 + [429]
    english.defaults["REMOTE_ADDR"] = "8.8.4.4"
    assert send(english, page_clock, seconds=5, mail="b@mail.example").status_code == 302


def test_what_breaks_on_the_way_is_kept_and_becomes_a_case_later(client, shop, page_clock, monkeypatch):
    def broken(**_):
        raise RuntimeError("the database hiccuped")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "receive_message", broken)
        answer = send(client, page_clock)
    assert (answer.status_code, nothing_happened()) == (302, True)
    assert client.get(answer.url).status_code == 200
    submission = Submission.objects.get()
    assert submission.fate == "stored"
    assert Job.objects.filter(task="anshin.channels.web_form.jobs.take_in").count() == 1
    jobs.take_in.call(submission.pk)
    jobs.take_in.call(submission.pk)
    assert Message.objects.get().message_key == f"web_form:{submission.nonce}"


def test_what_was_sent_back_and_never_sent_again_is_deleted_after_a_month(client, shop, page_clock):
    send(client, page_clock, name="")
    send(client, page_clock)
    page_clock["now"] += timedelta(days=31)
    jobs.prune.call()
    assert list(Submission.objects.values_list("fate", flat=True)) == ["taken_in"]
