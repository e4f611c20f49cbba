"""Letters to staff leave in jobs, so that nobody can tell from the page's speed whether an address is known."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from anshin.plumbing import clock
from anshin.plumbing.backups import queries as backups
from anshin.plumbing.backups.terms import Trouble
from anshin.plumbing.jobs.registry import task
from anshin.shops import letters, queries
from anshin.shops.actions import telling
from anshin.shops.letters import Letter
from anshin.shops.models import Membership, Person
from anshin.shops.ports import LetterNotSent, StaffLetter, postbox

ATTEMPTS = 3


@task(queue_name="mail_out", priority=50, max_attempts=ATTEMPTS)
def send_sign_in_code(person_id: int, code: str) -> None:
    """Mail a code that is valid for three minutes."""
    person = Person.objects.get(pk=person_id)
    _post(person, letters.sign_in_code(name=str(person), code=code, language=person.language))


@task(queue_name="mail_out", priority=50, max_attempts=ATTEMPTS)
def send_new_password_link(person_id: int, link: str) -> None:
    """Mail the link under which a new password is set."""
    person = Person.objects.get(pk=person_id)
    _post(person, letters.new_password(name=str(person), link=link, language=person.language))


@task(queue_name="mail_out", priority=40, max_attempts=ATTEMPTS)
def send_account_changed(person_id: int, what: str, at: str, link: str) -> None:
    """Tell somebody what changed about their sign-in."""
    person = Person.objects.get(pk=person_id)
    letter = letters.account_changed(name=str(person), what=what, at=at, link=link, language=person.language)
    _post(person, letter)


@task(queue_name="mail_out", priority=40, max_attempts=ATTEMPTS)
def send_new_device(person_id: int, device: str, network: str, at: str, link: str) -> None:
    """Tell somebody of a sign-in from a device that was not used before."""
    person = Person.objects.get(pk=person_id)
    letter = letters.new_device(
        name=str(person), device=device, network=network, at=at, link=link, language=person.language
    )
    _post(person, letter)


@task(queue_name="mail_out", priority=40, max_attempts=ATTEMPTS)
def send_factor_taken(membership_id: int, owner: str, link: str) -> None:
    """Tell a member of staff that their second factor was taken away."""
    found = Membership.objects.select_related("shop", "person").get(pk=membership_id)
    person = found.person
    letter = letters.factor_taken(
        name=str(person), shop=found.shop.name, owner=owner, link=link, language=person.language
    )
    _post(person, letter, shop_id=found.shop_id)


@task(queue_name="mail_out", priority=40, max_attempts=ATTEMPTS)
def send_password_ended(membership_id: int, owner: str, link: str) -> None:
    """Tell a member of staff that their password is void."""
    found = Membership.objects.select_related("shop", "person").get(pk=membership_id)
    person = found.person
    letter = letters.password_ended(
        name=str(person), shop=found.shop.name, owner=owner, link=link, language=person.language
    )
    _post(person, letter, shop_id=found.shop_id)


@task(queue_name="mail_out", priority=10)
def send_invitation(membership_id: int, inviter: str, link: str) -> None:
    """Tell a new member of staff where to sign in; nothing when the membership has ended meanwhile."""
    found = Membership.objects.select_related("shop", "person").filter(pk=membership_id, is_active=True).first()
    if found is None:
        return
    person = found.person
    letter = letters.invitation(
        name=str(person),
        shop=found.shop.name,
        inviter=inviter,
        mail=person.email,
        link=link,
        language=person.language,
    )
    _post(person, letter, shop_id=found.shop_id)


@task(queue_name="upkeep")
def watch_backups() -> None:
    """Tell the owners each morning on which the newest backup is too old; nobody where none is set up."""
    now = clock.now()
    if not settings.ANSHIN_BACKUP_TO or not backups.is_stale(now=now):
        return
    for shop in queries.all_shops():
        telling.tell_owners(shop=shop, words=_stale_backup, path=f"/s/{shop.slug}/settings/backups", now=now)


def _stale_backup(_language: str) -> tuple[str, str]:
    found = backups.newest(1)
    why = Trouble(found[0].trouble).label if found and found[0].trouble else ""
    text = _(
        "For more than a day and a half no backup of the desk was completed. "
        "If the disk broke now, everything since would be lost."
    )
    return _("The backup is too old"), f"{text} {why}".strip()


@task(queue_name="mail_out", priority=10)
def send_notice(membership_id: int, subject: str, text: str, link: str, key: str = "") -> None:
    """Tell an owner that something needs a look, once; nothing when the membership has ended meanwhile."""
    found = Membership.objects.select_related("shop", "person").filter(pk=membership_id, is_active=True).first()
    if found is None:
        return
    person = found.person
    letter = letters.notice(
        name=str(person), shop=found.shop.name, subject=subject, text=text, link=link, language=person.language
    )
    if telling.was_handed_over(shop_id=found.shop_id, key=key):
        return  # this job ran before, and its process ended after the server had the letter
    try:
        _post(person, letter, shop_id=found.shop_id, handing_over=partial(telling.hand_over, found.shop_id, key))
    except LetterNotSent as refusal:
        if not refusal.unsure:
            telling.take_back(shop_id=found.shop_id, key=key)
        raise


def _post(
    person: Person,
    letter: Letter,
    *,
    shop_id: int | None = None,
    handing_over: Callable[[], None] = lambda: None,
) -> None:
    """Through the given shop's mailbox, else that of the first shop for which the person works."""
    first = queries.shops_of(person).first() if shop_id is None else None
    sender_id = shop_id or (first.shop_id if first else 0)
    if sender_id:
        post = StaffLetter(sender_id, person.email, str(person), letter.subject, letter.text)
        postbox.get().send(post, handing_over=handing_over)
