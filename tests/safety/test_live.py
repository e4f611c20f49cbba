"""The notice's desk page follows what happens: fragments, fetched only by whoever may, while the mails leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from anshin.plumbing.live.models import LiveEvent
from anshin.safety import actions
from anshin.safety.models import SafetyMail
from anshin.safety.queries import link_of
from anshin.safety.terms import Answer, MailState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still")]


def told(kind):
    return list(LiveEvent.objects.filter(kind=kind).order_by("id").values_list("channel", "payload"))


@pytest.fixture
def released(approved, bought, publish_at):
    for _each in range(3):
        bought(lot="2510")
    actions.release_due(now=publish_at)
    approved.refresh_from_db()
    return approved


def test_the_page_names_what_it_follows(signed_in, manager, shop, released):
    page = signed_in(manager).get(f"/s/{shop.slug}/safety/{released.key}").content.decode()
    assert f'data-live-topic="safety:{released.key}"' in page
    assert f'data-live-topic="progress:{released.key}"' in page


def test_writing_the_notices_tells_everybodys_pages(shop, released, publish_at):
    assert told("safety.progress") == []
    actions.announce(released.pk, now=publish_at)
    assert told("safety.progress") == [("shop", {"progress_id": released.key})]


def test_the_fragment_counts_what_has_left_by_now(signed_in, warehouse, shop, released, publish_at):
    actions.announce(released.pk, now=publish_at)
    client, address = signed_in(warehouse), f"/s/{shop.slug}/safety/{released.key}/progress"
    before = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    first = SafetyMail.objects.order_by("pk").first()
    SafetyMail.objects.filter(pk=first.pk).update(state=MailState.SENT, sent_at=publish_at)
    after = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert ("<dd>3</dd>" in before, "<dd>2</dd>" in after, "<dd>1</dd>" in after) == (True, True, True)
    assert "<html" not in after


def test_the_fragment_costs_the_same_however_many_mails_there_are(
    signed_in, manager, shop, released, bought, publish_at, django_assert_max_num_queries
):
    actions.announce(released.pk, now=publish_at)
    client = signed_in(manager)
    with django_assert_max_num_queries(8):
        client.get(f"/s/{shop.slug}/safety/{released.key}/progress", HTTP_HX_REQUEST="true")


def test_who_may_not_see_the_notice_gets_no_fragment(signed_in, owner, agent, stranger, client, shop, ready):
    address = f"/s/{shop.slug}/safety/{ready.key}/progress"
    for member in (owner, agent, stranger):  # the agent is an insider, and there is nothing to count yet
        assert signed_in(member).get(address, HTTP_HX_REQUEST="true").status_code == 404
    assert client.get(address, HTTP_HX_REQUEST="true").status_code in {302, 401, 403}


def test_without_a_script_the_fragments_address_leads_to_the_page(signed_in, manager, shop, released):
    answer = signed_in(manager).get(f"/s/{shop.slug}/safety/{released.key}/progress")
    assert answer["Location"] == f"/s/{shop.slug}/safety/{released.key}"


def test_an_answer_tells_the_pages(shop, released, publish_at):
    actions.announce(released.pk, now=publish_at)
    mail = SafetyMail.objects.first()
    token = link_of(mail, shop.slug).rstrip("/").rsplit("/", 1)[1]
    before = len(told("safety.progress"))
    actions.answer(shop=shop, token=token, said=Answer.STOPPED, now=publish_at + timedelta(hours=1))
    assert len(told("safety.progress")) == before + 1


def test_the_page_of_somebody_who_is_taken_off_leaves_and_nobody_elses(signed_in, ready, agent, manager, now):
    address = f"/s/komorebi/safety/{ready.key}"
    page = signed_in(manager).get(address).content.decode()
    assert f'data-live-topic="gone:{ready.key}" data-gone-to="/s/komorebi/safety"' in page
    actions.remove_insider(by=agent, advisory_id=ready.pk, membership_id=manager.pk, now=now)
    assert told("safety.gone") == [(f"person:{manager.person_id}", {"gone_id": ready.key})]
    assert signed_in(manager).get(address, HTTP_HX_REQUEST="true").status_code == 404
    assert signed_in(agent).get(address, HTTP_HX_REQUEST="true").status_code == 200
