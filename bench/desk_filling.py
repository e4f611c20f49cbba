"""What a bench puts into its own database: a shop, its staff, a session. Runs inside the desk's environment."""

from django import setup

setup()

NAMES = ("竹内 涼", "小暮 あかり", "佐伯 みお", "倉田 大地")


def open_desk() -> None:
    """The shop with four agents and a mailbox from which replies could leave (they never do)."""
    from anshin.channels.email.actions import MailboxSettings, save_mailbox
    from anshin.plumbing import clock
    from anshin.shops.actions import invite_staff, open_shop
    from anshin.shops.terms import Role
    from bench.corpus import STAFF
    from bench.desk import SLUG

    now = clock.now()
    shop = open_shop(
        slug=SLUG, name="こもれび雑貨店", contact_mail="desk@bench.example", order_formats=("KM-#####",), now=now
    )
    for mail, name in zip(STAFF, NAMES, strict=True):
        invite_staff(shop=shop, email=mail, name=name, role=Role.AGENT, by=None, now=now)
    save_mailbox(shop=shop, settings=MailboxSettings(address="desk@bench.example", is_active=False), by=None, now=now)


def settle() -> None:
    """Let the database know how its tables look now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def session() -> str:
    """The key of a session of the first agent."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from anshin.shops.queries import person_by_mail
    from bench.corpus import STAFF

    person = person_by_mail(STAFF[0])
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return store.session_key
