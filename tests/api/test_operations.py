"""What other programs read and write, and that it is what the desk would do."""

import json
from datetime import timedelta

import pytest

from anshin.cases import actions as cases
from anshin.cases.models import Case, Draft, Message
from anshin.cases.terms import Delivery, ErasureGround, Party, Resolution
from anshin.commerce.models import Customer, Order, OrderImport
from anshin.integrations.terms import Scope
from anshin.plumbing.files.store import read_bytes
from anshin.plumbing.jobs.inline import run_due_jobs
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
ORDER = {
    "number": "KM-10001",
    "ordered_at": "2026-11-18T09:00:00+09:00",
    "buyer": {"name": "山本 花", "mail": "hana@mail.example"},
    "lines": [{"sku": "BOWL-01", "name": "木の器", "quantity": 2, "unit_price_yen": 2740}],
    "payments": [{"method": "card", "paid_at": "2026-11-18T09:01:00+09:00"}],
    "shipments": [{"carrier": "yamato", "tracking_number": "123456789012"}],
}


def code(response):
    return json.loads(response.content)["code"]


def test_pages_of_cases_follow_each_other_without_gap_or_double(program, owner, shop, now):
    for number in range(7):
        arrive(
            shop,
            f"{number}@mail.example",
            at=now + timedelta(minutes=number),
            sender=Party("", f"{number}@mail.example"),
        )
    asked, seen, cursor = program(owner), [], ""
    while True:
        page = asked.get("/cases", limit=3, cursor=cursor).json()
        seen += [each["number"] for each in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    back = asked.get("/cases", limit=3, cursor=page["previous"]).json()
    assert [each["number"] for each in back["items"]] == [4, 3, 2]


def test_a_made_up_cursor_is_refused(program, owner):
    answer = program(owner).get("/cases", cursor="nonsense")
    assert answer.status_code == 422 and code(answer) == "invalid"


def test_a_parameter_that_there_is_not_is_refused_and_not_left_out(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    answer = asked.get("/cases", stat="closed")
    assert answer.status_code == 422
    assert json.loads(answer.content)["errors"] == [{"at": "query.stat", "why": "There is no such parameter"}]
    assert asked.post("/cases/1/notes?text=b", {"text": "a"}).status_code == 422


def test_filters_narrow_the_list(program, owner, agent, shop, now):
    first = arrive(shop, "a@mail.example", at=now).case
    second = arrive(shop, "b@mail.example", at=now + timedelta(hours=1), sender=Party("", "b@mail.example")).case
    cases.assign(by=owner, case_id=first.pk, owner=agent, now=now)
    cases.mark_spam(by=owner, case_id=second.pk, now=now)
    asked = program(owner)

    def numbers(**query):
        return [each["number"] for each in asked.get("/cases", **query).json()["items"]]

    assert numbers() == [1]
    assert numbers(state="spam") == [2]
    assert numbers(state="open", assignee=agent.pk) == [1]
    assert numbers(state="open", assignee=owner.pk) == []
    assert numbers(customer=first.customer_id) == [1]
    assert numbers(active_since=(now + timedelta(minutes=1)).isoformat()) == []
    assert asked.get("/cases", assignee=agent.pk).status_code == 422


@pytest.mark.parametrize("path", ["/cases", "/cases/1/messages", "/customers", "/orders"])
def test_a_page_costs_the_same_however_much_there_is(
    program, owner, shop, now, path, django_assert_num_queries, django_assert_max_num_queries
):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    with django_assert_max_num_queries(7) as few:
        assert asked.get(path).status_code == 200
    for number in range(12):
        arrive(
            shop,
            f"{number}@mail.example",
            at=now + timedelta(minutes=number),
            sender=Party("", f"{number}@mail.example"),
        )
    with django_assert_num_queries(len(few)):
        asked.get(path)


def test_card_numbers_leave_masked(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now, text="カードは 4111 1111 1111 1111 です")
    text = program(owner).get("/cases/1/messages").json()["items"][0]["text"]
    assert "4111 1111 1111 1111" not in text and "カードは" in text


def test_a_reply_is_held_and_leaves_once(program, owner, shop, post, now, monkeypatch):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    body = {"text": "ご連絡ありがとうございます。", "read_at_version": 1}
    first, again = asked.post("/cases/1/messages", body, "r"), asked.post("/cases/1/messages", body, "r")
    assert first.status_code == 201, first.content
    assert first.content == again.content
    assert first.json()["to"] == [{"name": "柏木 由紀子", "mail": "y-kashiwagi@mail.example"}]
    message = Message.objects.get(direction="out")
    assert message.delivery == Delivery.HELD and message.author == owner


def test_the_reply_of_new_staff_waits_for_approval(program, owner, agent, shop, post, now):
    arrive(shop, "a@mail.example", at=now)
    type(agent).objects.filter(pk=agent.pk).update(needs_approval=True)
    answer = program(agent, by=owner).post("/cases/1/messages", {"text": "はい", "read_at_version": 1})
    assert answer.status_code == 201 and answer.json()["delivery"] == "approval"


def test_a_reply_written_before_the_newest_message_is_refused(program, owner, shop, post, now):
    arrive(shop, "a@mail.example", at=now)
    answer = program(owner).post("/cases/1/messages", {"text": "はい", "read_at_version": 0})
    assert answer.status_code == 409 and code(answer) == "stale"
    assert json.loads(answer.content)["version"] == 1
    assert not Message.objects.filter(direction="out").exists()


def test_a_placeholder_that_nobody_filled_in_stops_it(program, owner, shop, post, now):
    arrive(shop, "a@mail.example", at=now)
    answer = program(owner).post("/cases/1/messages", {"text": "{{お客様名}} 様", "read_at_version": 1})
    assert answer.status_code == 422 and code(answer) == "refused"
    assert not Message.objects.filter(direction="out").exists()


def test_what_a_colleague_has_begun_to_write_is_left_alone(program, owner, shop, post, now):
    case = arrive(shop, "a@mail.example", at=now).case
    cases.save_draft(by=owner, case_id=case.pk, is_note=False, text="書きかけ", version=0, read_at_version=1, now=now)
    assert program(owner).post("/cases/1/messages", {"text": "はい", "read_at_version": 1}).status_code == 201
    assert Draft.objects.get().text == "書きかけ"


def test_all_changes_of_a_case_or_none(program, owner, agent, shop, now):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    answer = asked.patch("/cases/1", {"tags": ["破損"], "is_urgent": True, "topics": ["no.such"]})
    assert answer.status_code == 422 and code(answer) == "refused"
    assert Case.objects.get().tag_names == [] and not Case.objects.get().is_urgent
    answer = asked.patch(
        "/cases/1",
        {"tags": ["破損"], "is_urgent": True, "topics": ["delivery.damaged"], "assignee": agent.pk, "state": "waiting"},
    ).json()
    assert (answer["tags"], answer["is_urgent"], answer["topics"]) == (["破損"], True, ["delivery.damaged"])
    assert answer["assignee"]["id"] == agent.pk and answer["state"] == "waiting"
    assert asked.patch("/cases/1", {"assignee": 0}).json()["assignee"] is None
    assert asked.patch("/cases/1", {"assignee": 10**6}).status_code == 422
    assert asked.patch("/cases/1", {"state": "closed"}).status_code == 422
    assert asked.patch("/cases/1", {"state": "closed", "resolution": "answered"}).json()["resolution"] == "answered"
    assert asked.patch("/cases/1", {"colour": "red"}).status_code == 422


def test_a_case_begins_with_what_was_said_elsewhere_or_with_a_mail_of_ours(program, owner, shop, post, now):
    asked = program(owner)
    told = {"customer": {"mail": "hana@mail.example", "name": "山本 花"}, "subject": "配送先", "text": "変えたいです"}
    first = asked.post("/cases", told, "a")
    assert first.status_code == 201 and first.json()["state"] == "open" and first.json()["channel"] == "web_form"
    assert asked.post("/cases", told, "a").json()["number"] == first.json()["number"]
    ours = asked.post("/cases", told | {"direction": "out"}, "b")
    assert ours.status_code == 201, ours.content
    assert ours.json()["state"] == "waiting"
    assert Case.objects.count() == 2
    assert Message.objects.filter(direction="out").count() == 1


def test_customers_are_found_by_what_is_known_of_them(program, owner, shop, now):
    arrive(shop, "a@mail.example", at=now)
    asked = program(owner)
    found = asked.get("/customers", mail="Y-Kashiwagi@mail.example").json()["items"]
    assert [each["name"] for each in found] == ["柏木 由紀子"]
    assert asked.get("/customers", phone="03-0000-0000").json()["items"] == []
    customer = found[0]["id"]
    assert asked.get(f"/customers/{customer}").json()["contacts"][0]["value"] == "y-kashiwagi@mail.example"
    assert asked.patch(f"/customers/{customer}", {"tags": ["常連"]}).json()["tags"] == ["常連"]


def test_an_erased_customer_is_figures_only(program, owner, shop, now):
    case = arrive(shop, "a@mail.example", at=now).case
    cases.close(by=owner, case_id=case.pk, resolution=Resolution.ANSWERED, now=now)
    cases.erase_customer(
        by=owner, customer_id=case.customer_id, ground=ErasureGround.values[0], requested_on=now.date(), now=now
    )
    asked = program(owner)
    told = (
        asked.get(f"/customers/{case.customer_id}").content.decode() + asked.get("/cases/1/messages").content.decode()
    )
    assert "柏木" not in told and "kashiwagi" not in told


def test_orders_are_kept_as_they_came_then_read_and_told_again_changes_nothing(program, owner, shop, now):
    asked = program(owner)
    body = json.dumps({"channel": "own", "orders": [ORDER, ORDER | {"number": "KM-10002"}]}, ensure_ascii=False)
    begun = asked.post("/orders/imports", body)
    assert begun.status_code == 202 and begun.json()["state"] == "running"
    run = OrderImport.objects.get()
    assert read_bytes(run.file) == body.encode() and not Order.objects.exists()
    from anshin.plumbing import clock

    run_due_jobs(clock.now())
    done = asked.get(f"/orders/imports/{run.pk}").json()
    assert (done["state"], done["new"], done["refused"]) == ("done", 2, [])
    again = asked.post("/orders/imports", body).json()["id"]
    run_due_jobs(clock.now())
    assert asked.get(f"/orders/imports/{again}").json()["unchanged"] == 2
    listed = asked.get("/orders", number="km10001").json()["items"]
    one = asked.get(f"/orders/{listed[0]['id']}").json()
    assert one["total_yen"] == 5480 and one["lines"][0]["name"] == "木の器"
    assert one["shipments"][0]["tracking_number"] == "123456789012"
    assert asked.get("/customers", order_number="KM-10001").json()["items"][0]["name"] == "山本 花"
    assert Customer.objects.count() == 1


def test_an_order_without_a_usable_number_is_refused_alone(program, owner, shop, now):
    from anshin.plumbing import clock

    asked = program(owner)
    begun = asked.post("/orders/imports", {"orders": [ORDER | {"number": "-"}, ORDER]})
    run_due_jobs(clock.now())
    done = asked.get(f"/orders/imports/{begun.json()['id']}").json()
    assert done["new"] == 1 and [each["row"] for each in done["refused"]] == [1]


def test_an_agent_brings_no_orders(program, owner, agent):
    answer = program(agent, by=owner).post("/orders/imports", {"orders": [ORDER]})
    assert answer.status_code == 403 and not OrderImport.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"x"', "null", b"\xff\xfe", '{"text": "\\ud800"}', '{"text": "a\\u0000"}']
)
def test_a_body_that_makes_no_sense_is_refused(program, owner, shop, now, body):
    arrive(shop, "a@mail.example", at=now)
    answer = program(owner).post("/cases/1/notes", body)
    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"


def test_another_method_and_another_address_are_problems_too(program, owner):
    asked = program(owner)
    answer = asked.patch("/cases", {})
    assert (
        answer.status_code == 405 and set(answer["Allow"].split(", ")) == {"GET", "POST"} and code(answer) == "method"
    )
    assert asked.get("/nothing").status_code == 404 and code(asked.get("/nothing")) == "not-found"


def test_the_reference_names_every_operation_and_asks_nobody_else(client, db):
    told = client.get("/api/v1/openapi.json").json()
    page = client.get("/api/v1/docs").content.decode()
    operations = [operation for path in told["paths"].values() for operation in path.values()]
    assert told["openapi"] == "3.1.0" and len(operations) == 15
    assert all(f'id="{each["operationId"]}"' in page for each in operations)
    assert "<script>" not in page and "cdn" not in page.lower() and "jsdelivr" not in page


def test_a_sealed_safety_notice_is_nowhere_in_the_description(client, db):
    assert "advisor" not in client.get("/api/v1/openapi.json").content.decode().lower()
    assert not any("advisory" in each for each in Scope.values)


def test_to_whom_a_reply_goes_may_be_said(program, owner, shop, post, now):
    arrive(shop, "a@mail.example", at=now)
    body = {"text": "はい", "read_at_version": 1, "to": [{"mail": "other@mail.example", "name": "別の人"}]}
    answer = program(owner).post("/cases/1/messages", body)
    assert answer.json()["to"] == [{"name": "別の人", "mail": "other@mail.example"}]
    assert Message.objects.get(direction="out").to == [["別の人", "other@mail.example"]]
