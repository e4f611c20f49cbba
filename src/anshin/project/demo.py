"""Fills a fresh database with the demo's two shops by walking through their story in the order of time.

Mail goes the whole way: written as bytes, stored, read, threaded; replies leave through the outbox. So the demo
shows what the program does, not what somebody typed into tables.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import transaction

from anshin.cases import demo as cases_demo
from anshin.cases.actions import (
    add_draft_file,
    add_note,
    assign,
    close,
    deliver_message,
    link_order,
    receive_message,
    reply,
    set_tags,
    snooze,
    start_case,
)
from anshin.cases.ports import outbox
from anshin.cases.queries import case_by_number
from anshin.cases.terms import Channel, IncomingFile, IncomingMessage, Party, Resolution
from anshin.channels.email import demo as email_demo
from anshin.channels.email.ports import transport
from anshin.channels.email.sending.adapter import EmailOutbox
from anshin.commerce import demo as commerce_demo
from anshin.commerce.terms import BounceKind
from anshin.delivery import demo as delivery_demo
from anshin.insights import demo as insights_demo
from anshin.plumbing.files.store import keep
from anshin.plumbing.jobs.inline import run_due_jobs
from anshin.project import demo_policy
from anshin.project.demo_doubtful import doubtful_mails
from anshin.project.demo_files import made_file
from anshin.project.demo_mail import Envelope, as_mail, as_received, passed
from anshin.project.demo_shop import shape
from anshin.project.demo_shop.story import read_story
from anshin.project.outside import letters
from anshin.project.outside.models import LeftMail
from anshin.project.outside.post_office import OutsidePostOffice
from anshin.promoters import demo as promoters_demo
from anshin.replies.actions import add_starting_set
from anshin.returns import demo as returns_demo
from anshin.routing import demo as routing_demo
from anshin.safety import demo as safety_demo
from anshin.satisfaction import demo as satisfaction_demo
from anshin.shops.actions import invite_staff, open_shop
from anshin.shops.demo import settle_shop
from anshin.shops.terms import Role

if TYPE_CHECKING:
    from anshin.cases.models import Case
    from anshin.shops.models import Membership, Shop

OPENED = timedelta(days=400)
_FORMATS = {
    "komorebi": ("KM-#####", "######-########-##########", "komorebi-########", "###-#######-#######"),
    "shiosai": ("SF-####",),
}
_BESET = "komorebi"  # the shop to which swindlers and advertisers write
_WITH_POLICY = "komorebi"  # by law, the other shop takes back within eight days
_WRITES_POLICY = "saeki"
_WITH_MACROS = "komorebi"  # the other shop shows these pages without any
_RESOLUTIONS = {"answered": Resolution.ANSWERED}
_URGENT_TAGS = {"急ぎ", "至急"}


def fill() -> None:
    """Migrate, then tell the story of both shops."""
    call_command("migrate", verbosity=0)
    story = read_story()
    clock = _StoryClock(story.now)
    with (
        outbox.filled_with(EmailOutbox(moment=clock)),
        transport.filled_with(OutsidePostOffice(moment=clock)),
    ):
        tellings = [_Telling(story, told, clock) for told in story.shops]
        for telling in tellings:
            telling.tell()
    for telling in tellings:
        cases_demo.index_together(telling.shop)
    run_due_jobs(story.now)
    for telling in tellings:
        telling.let_customers_say_how_it_was()
        telling.let_staff_settle()
    cases_demo.let_time_pass(now=story.now)
    tellings[0].let_things_come_back()


class _StoryClock:
    """The moment at which the story stands, for adapters that write down when something left."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


class _Telling:
    """One shop's story on its way into the tables."""

    def __init__(self, story: shape.Story, told: shape.ShopStory, clock: _StoryClock) -> None:
        self.story, self.told, self.clock = story, told, clock
        self.customers = {customer.key: customer for customer in told.customers}
        self.shop: Shop
        self.staff: dict[str, Membership] = {}
        self.keys: dict[int, list[str]] = {}  # Message-IDs of a case in order

    def tell(self) -> None:
        with transaction.atomic():
            self._open_shop()
            commerce_demo.fill(
                self.shop,
                customers=self.told.customers,
                products=self.told.products,
                orders=self.told.orders,
                now=self.story.now,
            )
        steps: list[tuple[datetime, int, int, shape.Case, shape.Message | shape.Note]] = []
        for case in self.told.cases:
            said: list[shape.Message | shape.Note] = [*case.messages, *case.notes]
            steps += [(step.at, case.number, place, case, step) for place, step in enumerate(said)]
        for at, _number, _place, case, step in sorted(steps, key=lambda each: each[:3]):
            self.clock.moment = at
            self._step(case, step)
        for case in sorted(self.told.cases, key=lambda each: each.closed_at or self.story.now):
            self._settle(case)
        if self.told.shop.slug == _BESET:
            for at, raw in doubtful_mails(self.shop.name, self.shop.contact_mail, now=self.story.now):
                email_demo.arrive(self.shop, raw, now=at)
        email_demo.compare(self.shop, at=self.story.now.replace(hour=0, minute=20))

    def let_staff_settle(self) -> None:
        """Rules, skills and notes between shifts."""
        routing_demo.fill(self.shop, staff=self.staff, now=self.story.now)
        if self.told.shop.slug == _WITH_MACROS:
            delivery_demo.fill(self.shop, staff=self.staff)

    def let_things_come_back(self) -> None:
        """Returns in the cases in which customers asked for them."""
        cases = {case.number: self._found(case).pk for case in self.told.cases if case.messages}
        returns_demo.fill(self.shop, staff=self.staff, cases=cases, now=self.story.now)
        proof = made_file("pdf", "振込受付書\n受付番号 2026112401\n振込先 みずほ銀行\n金額 2,200円")
        commerce_demo.pay_back(self.shop, staff=self.staff, proof=proof, now=self.story.now)
        safety_demo.fill(self.shop, staff=self.staff, now=self.story.now)

    def let_customers_say_how_it_was(self) -> None:
        """Answers to surveys; once the topics are known, for not everybody is asked."""
        closed = [case for case in self.told.cases if case.status == "closed"]
        finished = [(self._found(case).pk, case.closed_at or case.last_message_at) for case in closed]
        satisfaction_demo.fill(self.shop, finished=finished, now=self.story.now)
        skus = tuple(product.sku for product in self.told.products[:2])
        promoters_demo.fill(self.shop, staff=self.staff, skus=skus, now=self.story.now)
        if self.told.shop.slug == _WITH_MACROS:
            insights_demo.fill(self.shop, staff=self.staff, now=self.story.now)

    def _open_shop(self) -> None:
        told = self.told.shop
        self.shop = open_shop(
            slug=told.slug,
            name=told.name,
            name_en=told.name_en,
            contact_mail=told.support_mail,
            order_formats=_FORMATS[told.slug],
            now=self.story.now - OPENED,
        )
        for person in self.story.people_of(told.slug):
            place = next(each for each in person.memberships if each.shop == told.slug)
            member = invite_staff(
                shop=self.shop,
                email=person.mail,
                name=person.name,
                name_en=person.name_en,
                role=Role(place.role),
                by=None,
                now=self.story.now - OPENED,
            )
            self.staff[person.key] = member
        signatures = {
            person.mail: next(each.signature for each in person.memberships if each.shop == told.slug)
            for person in self.story.people_of(told.slug)
        }
        settle_shop(
            self.shop,
            hours={day.weekday: (day.opens, day.closes) for day in told.open_days if not day.mail_only},
            holidays=told.holidays,
            signatures=signatures,
        )
        for member in self.staff.values():
            member.refresh_from_db(fields=["signature"])
        if told.slug == _WITH_POLICY:
            demo_policy.fill(by=self.staff[_WRITES_POLICY], opened=self.story.now - OPENED, now=self.story.now)
        if told.slug == _WITH_MACROS:
            add_starting_set(shop=self.shop, by=None, now=self.story.now - OPENED)
        email_demo.open_mailbox(self.shop, address=told.support_mail, now=self.story.now - OPENED)

    def _step(self, case: shape.Case, step: shape.Message | shape.Note) -> None:
        if isinstance(step, shape.Note):
            found = self._found(case)
            add_note(by=self.staff[step.by], case_id=found.pk, text=step.text, now=step.at)
        elif step.sender in self.staff:
            self._answer(case, step)
        else:
            self._receive(case, step)

    def _receive(self, case: shape.Case, message: shape.Message) -> None:
        if case.number not in self.keys:
            cases_demo.expect_number(self.shop, case.number)
        sender = self._sender(case, message)
        files = [(file.name, made_file(file.kind, file.shows)) for file in message.attachments]
        keys = self.keys.setdefault(case.number, [])
        if case.channel == "email":
            key = f"demo.{case.number}.{len(keys)}@{sender.mail.rpartition('@')[2]}"
            earlier = self._before(case, message) if message.mail_style == "quoted" else None
            envelope = Envelope(
                key=key,
                sender=sender,
                to=Party(self.shop.name, self.shop.contact_mail),
                subject=case.subject if not keys or case.subject.startswith("Re:") else f"Re: {case.subject}",
                refers_to=tuple(keys),
            )
            raw = as_mail(envelope, message, files=files, quoted=earlier)
            raw = as_received(raw, shop_mail=self.shop.contact_mail, results=passed(sender.mail))
            email_demo.arrive(self.shop, raw, now=message.at)
        else:
            key = self._hand_in(case, message, sender, files)
        keys.append(key)

    def _hand_in(self, case: shape.Case, message: shape.Message, sender: Party, files: list[tuple[str, bytes]]) -> str:
        """A form or a phone memo, which are no mail."""
        key = f"demo.{case.number}.{len(self.keys[case.number])}@{case.channel}.example"
        incoming = IncomingMessage(
            channel=Channel.PHONE if case.channel == "phone_memo" else Channel.WEB_FORM,
            sender=sender,
            subject=case.subject,
            text=message.text.strip(),
            message_key=key,
            received_at=message.at,
            refers_to=tuple(reversed(self.keys[case.number])),
            files=tuple(IncomingFile(keep(self.shop.pk, content, now=message.at).pk, name) for name, content in files),
            order_number=case.form.order_number if case.form else "",
            topic=case.form.topic if case.form else "",
            language=case.language,
        )
        receive_message(shop=self.shop, message=incoming, now=message.at)
        return key

    def _answer(self, case: shape.Case, message: shape.Message) -> None:
        by = self.staff[message.sender]
        if case.number not in self.keys:
            self._write_first(case, by, message)
        found = self._found(case)
        for file in message.attachments:
            add_draft_file(
                by=by,
                case_id=found.pk,
                name=file.name,
                content=BytesIO(made_file(file.kind, file.shows)),
                now=message.at,
            )
        to = self._recipient(case, message)
        if to.mail == "":
            return
        sent = reply(by=by, case_id=found.pk, text=message.text, to=[to], read_at_version=found.version, now=message.at)
        if message.at + timedelta(minutes=2) < self.story.now:
            deliver_message(message_id=sent.pk, now=message.at + timedelta(seconds=10))
        self.keys[case.number].append(sent.message_key)
        if message.comes_back:
            self._let_come_back(sent.message_key, BounceKind(message.comes_back), at=message.at + timedelta(minutes=1))

    def _let_come_back(self, key: str, kind: BounceKind, *, at: datetime) -> None:
        left = LeftMail.objects.filter(message_id=key).order_by("-id")[0]
        email_demo.arrive(self.shop, letters.bounce(left, now=at, kind=kind), now=at)

    def _write_first(self, case: shape.Case, by: Membership, message: shape.Message) -> None:
        """A case that the shop begins, such as a reminder."""
        cases_demo.expect_number(self.shop, case.number)
        self.keys[case.number] = []
        start_case(by=by, to=self._recipient(case, message), subject=case.subject, now=message.at)

    def _recipient(self, case: shape.Case, message: shape.Message) -> Party:
        if message.to:
            return Party("", message.to)
        first = next((each for each in case.messages if each.sender not in self.staff), message)
        return self._sender(case, first)

    def _settle(self, case: shape.Case) -> None:
        found = self._found(case)
        owner = self.staff[case.owner] if case.owner else None
        hand = owner or next(iter(self.staff.values()))
        at = case.last_message_at
        if found.owner_id != (owner.pk if owner else None):
            assign(by=self._somebody(), case_id=found.pk, owner=owner, now=at)
        tags = [tag for tag in case.tags if tag not in _URGENT_TAGS]
        if tags:
            set_tags(by=self._somebody(), case_id=found.pk, names=tags, now=at)
        for number in case.orders if not found.order_label else ():
            link_order(by=owner or self._somebody(), case_id=found.pk, order_number=number, now=at)
        if case.status == "closed":
            resolution = Resolution(case.resolution) if case.resolution in Resolution.values else Resolution.ANSWERED
            close(by=hand, case_id=found.pk, resolution=resolution, now=case.closed_at or at)
        elif case.status == "snoozed" and case.snoozed_until:
            snooze(by=hand, case_id=found.pk, until=case.snoozed_until, now=at)
        cases_demo.settle(
            self.shop,
            found.pk,
            is_unread=case.unread,
            is_urgent=bool(_URGENT_TAGS & set(case.tags)),
            due_at=case.due_at,
            subject=case.subject,
        )

    def _somebody(self) -> Membership:
        return next(each for each in self.staff.values() if each.role in {"manager", "owner"})

    def _found(self, case: shape.Case) -> Case:
        found = case_by_number(self.shop, case.number)
        if found is None:
            raise LookupError(f"The story's case {case.number} did not arise from its first message")
        return found

    def _sender(self, case: shape.Case, message: shape.Message) -> Party:
        if message.sender == "outside":
            return Party(message.outside_name, message.mail_address)
        customer = self.customers[case.customer]
        return Party(customer.name, message.mail_address or (customer.mails[0] if customer.mails else ""))

    def _before(self, case: shape.Case, message: shape.Message) -> tuple[datetime, str, str] | None:
        """Moment, name and text of the message before, for a quote below."""
        earlier = [each for each in case.messages if each.at < message.at]
        if not earlier:
            return None
        last = earlier[-1]
        name = self.shop.name if last.sender in self.staff else self._sender(case, last).name
        return last.at, name, last.text.strip()
