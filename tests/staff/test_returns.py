"""Returns at the desk: the list, the page, each decision, who may, what is refused, and how many queries it takes."""

import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from anshin.commerce.models import Refund
from anshin.commerce.terms import Fault, IncomingLine, RefundState
from anshin.delivery import actions as delivery
from anshin.delivery.terms import TroubleKind
from anshin.plumbing.files.store import keep, read_bytes
from anshin.plumbing.journal.models import JournalEntry
from anshin.plumbing.live.models import LiveEvent
from anshin.returns.actions import KeptPhoto
from anshin.returns.models import Return, Settlement
from anshin.returns.terms import Approval, InspectionState, MoneyState, ParcelState, Payer, Verdict
from tests.conftest import NOW
from tests.plumbing.files.test_placeless import place_of, taken
from tests.returns.conftest import arrive, ask, inspected, moved, says, sold  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
LIST = "/s/komorebi/returns/"


@pytest.fixture
def asked(ask, sold, still):  # noqa: F811
    """A return that was approved by the policy and awaits its parcel."""
    return ask(sold())


@pytest.fixture
def doubtful(ask, sold, says, still):  # noqa: F811
    """A return that waits for a person."""
    says(Verdict.NEEDS_PERSON, Payer.CUSTOMER)
    return ask(sold())


@pytest.fixture
def to_pay(asked, arrive, inspected):  # noqa: F811
    """A return whose refund waits to be confirmed."""
    arrive(asked)
    return inspected(asked)


def picture():
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "#445566").save(out, "PNG")
    return out.getvalue()


def words_of(answer):
    """What a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def test_the_list_shows_four_marks_with_words(client, agent, to_pay):
    client.force_login(agent.person)
    shown = words_of(client.get(LIST))
    for words in ("R-0001", "柏木 由紀子 様", "帆布トートバッグ M 生成り", "商品が写真と違う"):
        assert words in shown
    for words in ("承認: 承認済み", "荷物: 到着", "検品: 良品", "返金: 確定を待つ"):
        assert words in shown, shown


def test_a_tab_holds_what_it_names(client, agent, to_pay):
    client.force_login(agent.person)
    assert "R-0001" in words_of(client.get(f"{LIST}?tab=pay"))
    assert "R-0001" not in words_of(client.get(f"{LIST}?tab=approve"))
    assert client.get(f"{LIST}?tab=nonsense").status_code == 404
    assert client.get(f"{LIST}?page=nonsense").status_code == 404


@pytest.mark.parametrize("scanned", ["R-0001", "Ｒ－０００１", "1", "KM-20417"])
def test_a_scan_leads_to_the_return(client, agent, asked, scanned):
    client.force_login(agent.person)
    answer = client.get(LIST, {"scan": scanned})
    assert (answer.status_code, answer["Location"]) == (302, f"{LIST}1")


def test_a_scan_of_nothing_known_says_so(client, agent, asked):
    client.force_login(agent.person)
    assert "「9999999」" in words_of(client.get(LIST, {"scan": "9999999"}))


def test_the_page_tells_the_arithmetic_line_by_line(client, agent, to_pay):
    client.force_login(agent.person)
    shown = words_of(client.get(f"{LIST}1"))
    for words in ("第4条2項", "¥6,600 × 1点", "−¥500", "−¥300", "300pt", "KM-20417", "外観"):
        assert words in shown, words


def test_fault_of_the_shop_brings_the_postage_back(client, agent, to_pay):
    client.force_login(agent.person)
    answer = client.post(f"{LIST}1/fault", {"fault": "shop", "why": "在庫は墨のまま、写真だけ差し替えました。"})
    assert answer.status_code == 302
    to_pay.refresh_from_db()
    assert (to_pay.fault, to_pay.payer) == (Fault.SHOP, Payer.SHOP)
    client.post(f"{LIST}1/calculate", {"postage": "８８０", "paid_by": "shop"})
    row = Settlement.objects.get(is_current=True)
    assert (row.total_yen, row.return_postage_yen) == (6_460, 880)
    shown = words_of(client.get(f"{LIST}1"))
    assert "在庫は墨のまま、写真だけ差し替えました。" in shown
    assert "+¥660" in shown and "¥6,460の返金を確定" in shown and "¥587" in shown


def test_the_customers_fault_needs_a_sentence(client, agent, to_pay):
    client.force_login(agent.person)
    answer = client.post(f"{LIST}1/fault", {"fault": "customer", "why": ""})
    assert answer.status_code == 422
    assert "理由" in words_of(answer)
    to_pay.refresh_from_db()
    assert to_pay.fault == Fault.UNKNOWN


def test_a_person_approves_at_the_customers_cost(client, agent, doubtful):
    client.force_login(agent.person)
    assert client.post(f"{LIST}1/decide", {"do": "approve", "payer": "shop"}).status_code == 302
    doubtful.refresh_from_db()
    assert (doubtful.approval, doubtful.payer, doubtful.parcel) == (Approval.APPROVED, Payer.SHOP, ParcelState.AWAITED)


def test_who_keeps_the_item_has_nothing_to_send(client, agent, doubtful):
    client.force_login(agent.person)
    client.post(f"{LIST}1/decide", {"do": "approve", "keeps": "1"})
    doubtful.refresh_from_db()
    assert (doubtful.parcel, doubtful.inspection) == (ParcelState.NOT_NEEDED, InspectionState.NOT_NEEDED)


def test_a_refusal_without_a_sentence_is_not_written(client, agent, doubtful):
    client.force_login(agent.person)
    answer = client.post(f"{LIST}1/decide", {"do": "refuse", "why": " "})
    assert answer.status_code == 422
    doubtful.refresh_from_db()
    assert doubtful.approval == Approval.ASKED
    assert client.post(f"{LIST}1/decide", {"do": "refuse", "why": "期限を過ぎています。"}).status_code == 302
    doubtful.refresh_from_db()
    assert doubtful.approval == Approval.REFUSED
    assert "期限を過ぎています。" in words_of(client.get(f"{LIST}1"))


def test_a_lost_parcel_is_settled_without_an_inspection(client, agent, asked):
    client.force_login(agent.person)
    client.post(f"{LIST}1/decide", {"do": "lost", "why": "運送会社の調査が終わりました。"})
    asked.refresh_from_db()
    assert (asked.parcel, asked.inspection) == (ParcelState.LOST, InspectionState.NOT_NEEDED)


def test_no_money_is_due_only_with_a_reason(client, agent, to_pay):
    client.force_login(agent.person)
    assert client.post(f"{LIST}1/decide", {"do": "no_money"}).status_code == 422
    client.post(f"{LIST}1/decide", {"do": "no_money", "why": "交換品を送りました。"})
    to_pay.refresh_from_db()
    assert to_pay.money == MoneyState.NOT_DUE


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"postage": "はっぴゃく"}, "円"),
        ({"deduction": "-5"}, "円"),
        ({"deduction": "500"}, "理由"),
    ],
)
def test_a_calculation_that_cannot_be_is_said_beside_the_form(client, agent, to_pay, form, sentence):
    client.force_login(agent.person)
    answer = client.post(f"{LIST}1/calculate", form)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert f'value="{next(iter(form.values()))}"' in answer.content.decode()
    assert Settlement.objects.count() == 1


def test_another_sum_than_the_one_seen_is_refused(client, manager, to_pay):
    client.force_login(manager.person)
    answer = client.post(f"{LIST}1/confirm", {"seen": "1", "way": "original"})
    assert answer.status_code == 422
    assert not Refund.objects.exists()


def test_an_agent_asks_and_a_manager_confirms(client, agent, manager, to_pay):
    total = Settlement.objects.get(is_current=True).total_yen
    client.force_login(agent.person)
    assert client.post(f"{LIST}1/confirm", {"seen": total, "way": "original"}).status_code == 302
    refund = Refund.objects.get()
    assert (refund.amount_yen, refund.state) == (total, RefundState.ASKED)
    where = f"{LIST}1/refunds/{refund.pk}"
    assert where not in client.get(f"{LIST}1").content.decode()
    assert client.post(where, {"do": "approve"}).status_code == 403
    client.force_login(manager.person)
    assert where in client.get(f"{LIST}1").content.decode()
    assert client.post(where, {"do": "approve"}).status_code == 302
    refund.refresh_from_db()
    assert (refund.state, refund.approved_by) == (RefundState.READY, manager)


def test_another_way_needs_a_reason(client, manager, to_pay):
    client.force_login(manager.person)
    total = Settlement.objects.get(is_current=True).total_yen
    answer = client.post(f"{LIST}1/confirm", {"seen": total, "way": "bank"})
    assert answer.status_code == 422
    assert not Refund.objects.exists()
    assert client.post(f"{LIST}1/confirm", {"seen": total, "way": "bank", "reason": "解約"}).status_code == 302
    assert Refund.objects.get().reason == "解約"


def test_points_are_marked_as_given_back_once_the_refund_is_confirmed(client, manager, to_pay):
    client.force_login(manager.person)
    row = Settlement.objects.get(is_current=True)
    where = f"{LIST}1/points/{row.pk}"
    assert where not in client.get(f"{LIST}1").content.decode()
    client.post(f"{LIST}1/confirm", {"seen": row.total_yen, "way": "original"})
    assert where in client.get(f"{LIST}1").content.decode()
    client.post(where)
    row.refresh_from_db()
    assert row.points_given_by == manager
    assert where not in client.get(f"{LIST}1").content.decode()


def test_the_warehouse_reads_and_decides_nothing(client, warehouse, to_pay):
    client.force_login(warehouse.person)
    shown = client.get(f"{LIST}1").content.decode()
    assert "R-0001" in shown and 'action="/s/komorebi/returns/1/' not in shown
    for name in ("decide", "fault", "calculate", "confirm"):
        assert client.post(f"{LIST}1/{name}", {"do": "approve", "fault": "shop", "way": "bank"}).status_code == 403
    assert not Refund.objects.exists()


def test_another_shops_returns_do_not_exist(client, stranger, to_pay):
    client.force_login(stranger.person)
    assert "R-0001" not in words_of(client.get("/s/shiosai/returns/"))
    assert client.get("/s/shiosai/returns/1").status_code == 404
    assert client.post("/s/shiosai/returns/1/decide", {"do": "refuse", "why": "x"}).status_code == 404
    assert client.get(LIST).status_code == 404


def test_photos_are_for_the_shop_alone(client, agent, stranger, shop, ask, sold, still):  # noqa: F811
    returned = ask(sold(), photos=[KeptPhoto(keep(shop.pk, picture(), now=NOW).pk, "色.png")])
    photo = returned.photos.get()
    client.force_login(agent.person)
    assert f"/returns/photos/{photo.pk}/small" in client.get(f"{LIST}1").content.decode()
    small = client.get(f"{LIST}photos/{photo.pk}/small")
    assert (small.status_code, small["Content-Type"]) == (200, "image/webp")
    assert client.get(f"{LIST}photos/{photo.pk}")["Content-Disposition"].startswith("attachment")
    client.force_login(stranger.person)
    for address in (f"/s/shiosai/returns/photos/{photo.pk}", f"/s/shiosai/returns/photos/{photo.pk}/small"):
        assert client.get(address).status_code == 404


def test_the_list_makes_as_many_queries_for_many_as_for_one(client, agent, asked, ask, sold):  # noqa: F811
    client.force_login(agent.person)
    few = queries_of(client, LIST)
    for number in range(2, 9):
        ask(sold(f"KM-{number}"), nonce=f"n-{number}", at=NOW + timedelta(minutes=number))
    assert queries_of(client, LIST) == few <= 10


def test_the_page_makes_as_many_queries_for_many_lines_as_for_one(client, agent, to_pay, ask, sold, arrive, inspected):  # noqa: F811
    client.force_login(agent.person)
    few = queries_of(client, f"{LIST}1")
    lines = tuple(IncomingLine(f"琺瑯マグ {n}", 1, 2_200, f"MUG-{n}") for n in range(4))
    order = sold("KM-2", lines=lines)
    more = ask(order, nonce="n-2", quantity=1)
    arrive(more, nonce="p-2")
    inspected(more)
    assert queries_of(client, f"{LIST}2") <= few <= 30


def test_the_rail_counts_what_waits_for_the_desk(client, agent, doubtful, fresh_limits):
    client.force_login(agent.person)
    assert re.search(r"<span>返品</span><b>1</b>", client.get(LIST).content.decode())
    assert Return.objects.get().waits_for == "staff"


def test_the_case_shows_its_return_beside_it(client, agent, to_pay):
    client.force_login(agent.person)
    case = f"/s/komorebi/c/{to_pay.case.number}"
    assert f'hx-get="{case}/returns"' in client.get(case).content.decode()
    shown = words_of(client.get(f"{case}/returns", headers={"HX-Request": "true"}))
    assert "R-0001" in shown and "返金: 確定を待つ" in shown


def test_ctrl_k_finds_the_return(client, agent, stranger, asked):
    client.force_login(agent.person)
    assert "/s/komorebi/returns/1" in client.get("/s/komorebi/palette", {"q": "R-0001"}).content.decode()
    client.force_login(stranger.person)
    assert "/returns/1" not in client.get("/s/shiosai/palette", {"q": "R-0001"}).content.decode()


def test_a_label_is_printed_while_the_parcel_is_awaited(client, agent, warehouse, asked, arrive):  # noqa: F811
    client.force_login(agent.person)
    assert f"{LIST}1/label" in client.get(f"{LIST}1").content.decode()
    answer = client.get(f"{LIST}1/label")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    arrive(asked)
    assert client.get(f"{LIST}1/label").status_code == 404
    assert f"{LIST}1/label" not in client.get(f"{LIST}1").content.decode()


def test_the_same_fault_with_another_sentence_is_kept(client, agent, to_pay):
    client.force_login(agent.person)
    client.post(f"{LIST}1/fault", {"fault": "shop", "why": "写真の差し替え。"})
    client.post(f"{LIST}1/fault", {"fault": "shop", "why": "写真の差し替え。"})
    assert JournalEntry.objects.filter(event="return.fault_decided").count() == 1
    client.post(f"{LIST}1/fault", {"fault": "shop", "why": "在庫の取り違えでした。"})
    entry = JournalEntry.objects.filter(event="return.fault_decided").latest("pk")
    assert (entry.payload["former"], entry.payload["fault"]) == ("shop", "shop")
    assert "在庫の取り違えでした。" in words_of(client.get(f"{LIST}1"))


def test_a_return_and_its_trouble_lead_to_each_other_and_the_rail_counts_it(client, agent, to_pay, fresh_limits):
    client.force_login(agent.person)
    assert re.search(r"<span>配送トラブル</span>(?!<b>)", client.get(LIST).content.decode())
    order = to_pay.lines.get().order
    trouble = delivery.report(
        shop=agent.shop, by=agent, case_id=to_pay.case_id, order_id=order.pk, kind=TroubleKind.WRONG_ITEM, now=NOW
    )
    shown = client.get(f"{LIST}1").content.decode()
    assert f'href="/s/komorebi/troubles/{trouble.number}"' in shown
    assert f'href="{LIST}1"' in client.get(f"/s/komorebi/troubles/{trouble.number}").content.decode()


def test_the_rail_counts_open_troubles_anew_when_one_is_told(client, agent, to_pay, fresh_limits):
    client.force_login(agent.person)
    order = to_pay.lines.get().order
    delivery.report(
        shop=agent.shop, by=agent, case_id=to_pay.case_id, order_id=order.pk, kind=TroubleKind.WRONG_ITEM, now=NOW
    )
    assert re.search(r"<span>配送トラブル</span><b>1</b>", client.get(LIST).content.decode())


def test_the_open_page_and_the_list_follow_what_changes(client, agent, to_pay):
    client.force_login(agent.person)
    shown = client.get(f"{LIST}1").content.decode()
    assert f'data-live-topic="return:{to_pay.pk}"' in shown and 'data-live-topic="return"' in shown
    before = LiveEvent.objects.count()
    client.post(f"{LIST}1/fault", {"fault": "shop", "why": "写真の差し替え。"})
    told = LiveEvent.objects.order_by("pk")[before:]
    assert any(each.kind == "return.changed" and each.payload["return_id"] == to_pay.pk for each in told)


def test_a_photo_is_downloaded_without_the_place_and_kept_as_it_came(client, agent, shop, ask, sold, still):  # noqa: F811
    content = taken("JPEG", turned=6)
    kept = keep(shop.pk, content, now=NOW)
    photo = ask(sold(), photos=[KeptPhoto(kept.pk, "色.jpg")]).photos.get()
    client.force_login(agent.person)
    answer = client.get(f"{LIST}photos/{photo.pk}")
    assert (place_of(answer.content), answer["Content-Type"]) == ({}, "image/jpeg")
    assert Image.open(io.BytesIO(answer.content)).getexif()[0x0112] == 6
    assert client.get(f"{LIST}photos/{photo.pk}", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert place_of(read_bytes(kept)) == place_of(content) != {}
