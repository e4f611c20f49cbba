"""Safety mails leave: many over few connections, each handed over at most once, whatever is killed when.

A lane is a job that never runs beside itself; it takes the mails whose id falls to it, the latest purchases first.

1. A portion is claimed in one commit: `sending`, with the version of the facts that are told. Nothing of it has left;
   if we die now, the next run of the lane takes the portion back.
2. A few mails at a time (as many as `safety.post` asks about at once, two over SMTP) are brought to the server but for
   their final dots, each over a connection of its own. Then `handed_at` of all of them is committed at once, and their
   dots follow one upon the other. If we die after the commit, nobody knows whether the server had taken them: the next
   run marks them `unsure`, which is shown, and does not send again.
3. The server's answers are committed together with step 2 of the next mails, or at the end of the portion.

A server that takes nothing any more is no reason to give mails up: after a few refusals in a row that do not speak of
the address everything waits, visibly (`Advisory.held_until_at`, `held_words`), and goes on later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Mod

from anshin.commerce.actions import mark_bounced
from anshin.commerce.terms import BounceKind
from anshin.safety import letters
from anshin.safety.actions import marking
from anshin.safety.actions.calling import LANES, call_sender
from anshin.safety.actions.keeping import tell_progress
from anshin.safety.actions.listing import list_for_lost_mail
from anshin.safety.actions.mail_facts import facts_for_mails
from anshin.safety.actions.withdrawing import drop_waiting
from anshin.safety.models import Advisory, SafetyMail
from anshin.safety.ports import Handed, SafetyLetter, Waits, safety_post
from anshin.safety.queries import answered_among, last_content
from anshin.safety.rules import steps
from anshin.safety.terms import AdvisoryState, Content, MailRound, MailState

PORTION: Final = 200
MOST_TRIES: Final = 8
FIRST_WAIT: Final = timedelta(minutes=1)
LONGEST_WAIT: Final = timedelta(hours=1)
REFUSALS_IN_A_ROW: Final = 5
BAD_ADDRESSES_IN_A_ROW: Final = 20
_MOST_ANSWERS: Final = 4
"""So many answers wait at most for the commit of the next hand-over."""
RUN_FOR: Final = timedelta(seconds=10)
"""After so long a lane's job ends and asks for the next, so that other mail of the queue, and lanes for which there was
no thread, have their turn: by so much a newer purchase may be told after an older one."""

_PUBLIC: Final = (AdvisoryState.RELEASED, AdvisoryState.CLOSED, AdvisoryState.WITHDRAWN)


class TakenOver(RuntimeError):
    """Somebody else is handing these mails over: this run was taken for dead."""


def send_mails(advisory_id: int, lane: int, *, clock: Callable[[], datetime]) -> int:
    """Hand over what waits in this lane, portion by portion; how many mails the server took."""
    begun = clock()
    _take_back(advisory_id, lane)
    taken = 0
    slots: dict[str, datetime] = {}
    while True:
        claimed = _claim(advisory_id, lane, now=clock())
        if claimed is None:
            break
        advisory, content, mails = claimed
        run = _Portion(advisory, clock, slots)
        taken += run.hand_over(facts_for_mails(advisory, content, mails), mails)
        if run.is_stopped or clock() - begun > RUN_FOR:
            break
    _call_again(advisory_id, lane, now=clock())
    return taken


def wait_after(tries: int) -> timedelta:
    """How long a deferred mail waits: twice as long each time, up to an hour."""
    doublings = min(max(0, tries - 1), 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


class _Portion:
    """One portion on its way: what the server says of it, and whether it takes any more."""

    def __init__(self, advisory: Advisory, clock: Callable[[], datetime], slots: dict[str, datetime]) -> None:
        self.advisory, self.clock = advisory, clock
        self.slots = slots  # receiver to the next moment at which it takes one of those that wait
        self.is_stopped = False
        self.refused_in_a_row = 0
        self.bad_in_a_row = 0
        self.said = ""
        self.blameless: list[int] = []  # refused since the last that was taken, not for their address
        self.answered: list[Handed] = []  # not yet on disk
        self.at_dots: set[int] = set()  # not yet answered
        self.not_ours: list[int] = []  # taken from us before their dots
        self.mails: dict[int, SafetyMail] = {}

    def hand_over(self, facts: Iterable[letters.MailFacts], mails: Sequence[SafetyMail]) -> int:
        """How many the server took."""
        self.mails = {mail.pk: mail for mail in mails}
        written = [letters.safety_letter(each) for each in facts]
        taken = 0
        for handed in safety_post.get().send(self.advisory.shop_id, written, handing_over=self._at_the_dots):
            self.answered.append(handed)
            taken += handed.is_taken
            if len(self.answered) > _MOST_ANSWERS:
                self._keep_answers()
            self._count(handed)
            self.at_dots.discard(handed.mail_id)
            if self.is_stopped and not self.at_dots:
                break
        is_recalled = self._is_recalled()
        with transaction.atomic(durable=True):
            self._settle()
            left = _untouched(self.mails).update(state=MailState.WAITING, tries=F("tries") - 1)
            self.is_stopped = self.is_stopped or (bool(left) and not is_recalled)
            if self.is_stopped:
                self._hold()
            elif taken and self.advisory.holds:
                Advisory.objects.filter(pk=self.advisory.pk).update(holds=0, held_until_at=None, held_words="")
            tell_progress(self.advisory, now=self.clock())
        return taken

    def _at_the_dots(self, letters: Sequence[SafetyLetter]) -> Collection[int]:
        others = [handed for handed in self.answered if not handed.is_taken]
        if others:
            self._keep_answers()
        taken, self.answered = self.answered, []
        ours = marking.taken_and_handing(taken, letters, now=self.clock())
        self.not_ours += [letter.mail_id for letter in letters if letter.mail_id not in ours]
        self.at_dots = {letter.mail_id for letter in letters if letter.mail_id in ours}
        return frozenset(self.at_dots)

    def _is_recalled(self) -> bool:
        """Whether the advisory was withdrawn or closed while mails lay here. Raises TakenOver, what is ours kept."""
        if not self.not_ours:
            return False
        if SafetyMail.objects.filter(pk__in=self.not_ours, state=MailState.DROPPED).exists():
            return True
        self._keep_answers()
        raise TakenOver

    def _keep_answers(self) -> None:
        """Answers without a hand-over after them."""
        if self.answered:
            with transaction.atomic(durable=True):
                self._settle()

    def _settle(self) -> None:
        answered, self.answered = self.answered, []
        for handed in answered:
            self._settle_one(handed)

    def _settle_one(self, handed: Handed) -> None:
        mail, now = self.mails[handed.mail_id], self.clock()
        row = SafetyMail.objects.filter(pk=mail.pk, state=MailState.SENDING)
        words = handed.words[:300]
        if handed.is_taken:
            row.update(state=MailState.SENT, sent_at=now, words=words)
        elif handed.is_unsure:
            row.update(state=MailState.UNSURE, words=words)
        elif handed.waits is not None:  # not tried, so it costs no try
            at = self._slot(handed.waits)
            row.update(state=MailState.DEFERRED, next_try_at=at, tries=F("tries") - 1, words=words)
        elif handed.bounce or mail.tries > MOST_TRIES:
            row.update(state=MailState.FAILED, words=words)
            if handed.bounce:
                kind = BounceKind(handed.bounce)
                mark_bounced(shop=self.advisory.shop, mail=mail.address, kind=kind, at=now, now=now)
            list_for_lost_mail(mail, now=now)
        else:
            later = now + wait_after(mail.tries)
            row.update(state=MailState.DEFERRED, next_try_at=later, handed_at=None, words=words)

    def _slot(self, waits: Waits) -> datetime:
        """When to try again: what waits for one receiver is spread over its pace."""
        at = max(waits.until_at, self.slots.get(waits.receiver, waits.until_at))
        self.slots[waits.receiver] = at + waits.spacing
        return at

    def _count(self, handed: Handed) -> None:
        if handed.waits is not None and handed.waits.receiver:
            return  # one receiver’s patience says nothing of our server
        self.said = handed.words
        if handed.is_taken:
            self.refused_in_a_row = self.bad_in_a_row = 0
            self.blameless = []
        elif handed.bounce:
            self.bad_in_a_row += 1
        elif not handed.is_unsure:
            self.refused_in_a_row += 1
            self.blameless.append(handed.mail_id)
        self.is_stopped = (
            self.refused_in_a_row >= REFUSALS_IN_A_ROW
            or self.refused_in_a_row + self.bad_in_a_row >= BAD_ADDRESSES_IN_A_ROW
        )

    def _hold(self) -> None:
        """Nothing leaves for a while; twice as long each time the server still takes nothing."""
        now = self.clock()
        row = Advisory.objects.select_for_update(no_key=True).get(pk=self.advisory.pk)
        row.holds += 1
        row.held_until_at, row.held_words = now + wait_after(row.holds), self.said[:300]
        row.save(update_fields=["holds", "held_until_at", "held_words"])
        again = SafetyMail.objects.filter(pk__in=self.blameless, state=MailState.DEFERRED, tries__gt=0)
        again.update(tries=F("tries") - 1, next_try_at=row.held_until_at)


def _take_back(advisory_id: int, lane: int) -> None:
    """What an earlier run of this lane left behind: not handed over, it waits again; handed over, nobody knows."""
    left = _of_lane(advisory_id, lane).filter(state=MailState.SENDING)
    with transaction.atomic(durable=True):
        left.filter(handed_at=None).update(state=MailState.WAITING)
        left.update(state=MailState.UNSURE)


@transaction.atomic(durable=True)
def _claim(advisory_id: int, lane: int, *, now: datetime) -> tuple[Advisory, Content, list[SafetyMail]] | None:
    """The next portion, marked. The advisory is held meanwhile: after a correction nobody claims for the old facts."""
    found = Advisory.objects.select_for_update(no_key=True, of=("self",)).select_related("shop")
    advisory = found.filter(pk=advisory_id, state__in=_PUBLIC).first()
    if advisory is None or (advisory.held_until_at is not None and advisory.held_until_at > now):
        return None
    content = last_content(advisory)
    leaving = steps.LEAVES[AdvisoryState(advisory.state)]
    due = _of_lane(advisory_id, lane).filter(_due(now), round__in=list(leaving)).order_by("-rank", "pk")
    mails = _without_answered(list(due[:PORTION]))
    if content is None or not mails:
        return None
    rows = SafetyMail.objects.filter(pk__in=[mail.pk for mail in mails])
    rows.update(state=MailState.SENDING, version=content.version, tries=F("tries") + 1, handed_at=None)
    for mail in mails:
        mail.tries += 1
    return advisory, content, mails


def _without_answered(mails: list[SafetyMail]) -> list[SafetyMail]:
    """Without reminders that were answered while they waited; those are dropped."""
    reminders = [mail for mail in mails if mail.round == MailRound.REMINDER]
    answered = answered_among(reminders)
    dropped = [mail.pk for mail in reminders if mail.address_key in answered]
    if dropped:
        SafetyMail.objects.filter(pk__in=dropped).update(state=MailState.DROPPED, next_try_at=None)
    return [mail for mail in mails if mail.pk not in dropped]


def _call_again(advisory_id: int, lane: int, *, now: datetime) -> None:
    """Ask for the next run of this lane when something still waits."""
    advisory = Advisory.objects.filter(pk=advisory_id, state__in=_PUBLIC).first()
    if advisory is None:
        return
    if advisory.state != AdvisoryState.RELEASED:
        drop_waiting(advisory)  # what the server put off while it ended
    waiting = _of_lane(advisory_id, lane).filter(state__in=[MailState.WAITING, MailState.DEFERRED])
    if not waiting.exists():
        return
    is_due = waiting.filter(_due(now)).exists()
    at = now if is_due else waiting.order_by("next_try_at").values_list("next_try_at", flat=True).first() or now
    call_sender(advisory, lane, at=max(at, advisory.held_until_at or at, now), now=now)


def _due(now: datetime) -> Q:
    return Q(state=MailState.WAITING) | Q(state=MailState.DEFERRED, next_try_at__lte=now)


def _of_lane(advisory_id: int, lane: int) -> QuerySet[SafetyMail]:
    mails = SafetyMail.objects.filter(advisory=advisory_id)
    return mails.alias(lane=Mod(F("id"), LANES)).filter(lane=lane)


def _untouched(mails: dict[int, SafetyMail]) -> QuerySet[SafetyMail]:
    return SafetyMail.objects.filter(pk__in=list(mails), state=MailState.SENDING, handed_at=None)
