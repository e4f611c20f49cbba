"""Background work of the visits room: ids in, one action out."""

from functools import partial

from anshin.plumbing import clock
from anshin.plumbing.jobs.registry import task
from anshin.shops.queries import all_shops
from anshin.visits import actions
from anshin.visits.ports import LetterNotSent, letter_slot

ATTEMPTS = 4


@task(queue_name="mail_out", priority=50, max_attempts=ATTEMPTS)
def send_code(request_id: int) -> None:
    """Find out who asked and mail them a code; what is nobody's ends here, so that no page's speed tells."""
    letter = actions.make_code(request_id=request_id, now=clock.now())
    if letter is None:
        return
    try:
        letter_slot.get().send(letter, handing_over=partial(actions.hand_over_code, request_id, now=clock.now()))
    except LetterNotSent as refusal:
        if not refusal.unsure:
            actions.take_code_back(request_id)
        raise
    actions.code_left(request_id)


@task(queue_name="mail_out", max_attempts=ATTEMPTS)
def send_reminder(reminder_id: int) -> None:
    """Mail one customer until when an order can be sent back, once."""
    letter = actions.make_reminder(reminder_id=reminder_id)
    if letter is None:
        return
    handing_over = partial(actions.hand_over_reminder, reminder_id, now=clock.now())
    try:
        letter_slot.get().send(letter, handing_over=handing_over)
    except LetterNotSent as refusal:
        if not refusal.unsure:
            actions.take_reminder_back(reminder_id)
        raise


@task(queue_name="upkeep")
def remind_customers() -> None:
    """Look in every shop that wants it for orders whose days end soon."""
    for shop in all_shops():
        actions.remind_customers(shop=shop, now=clock.now())


@task(queue_name="upkeep")
def prune() -> None:
    """Forget code requests after a week, visits a month after their end, hand-overs whose time is over."""
    actions.prune(now=clock.now())
