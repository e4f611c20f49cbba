"""The command `anshin setup`: from nothing to a shop whose owner can sign in. Asked twice, it changes nothing.

It runs before Django is configured, since it makes the folder, the secret key and the settings that Django reads.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anshin.project import database, environment
from anshin.project.cli.asking import Terminal, Unfit
from anshin.project.cli.wording import _, owner_language, terminal_language

if TYPE_CHECKING:
    from datetime import datetime

    from anshin.channels.email.actions import MailboxSettings
    from anshin.shops.models import Shop

HELP = "Set up a shop: database, owner, mailbox. Asks, or takes flags and ANSHIN_SETUP_… variables with --yes."
FLAGS = {
    "shop_name": "Name of the shop.",
    "shop": "Short name of the shop in addresses: small letters, digits and hyphens.",
    "owner_name": "Name of the owner.",
    "owner_mail": "Mail address with which the owner signs in.",
    "database_url": "postgres://user:password@host/name, or “sqlite”.",
    "address": "Address under which the desk will be reached, e.g. https://desk.example.jp.",
    "mailbox": "Mail address of the shop, or “none”.",
    "provider": "sakura, xserver, lolipop, conoha, google, microsoft or other.",
    "imap_host": "IMAP server.",
    "imap_port": "IMAP port.",
    "imap_security": "tls, starttls or plain.",
    "imap_user": "IMAP user name.",
    "smtp_host": "SMTP server.",
    "smtp_port": "SMTP port.",
    "smtp_security": "tls, starttls or plain.",
    "smtp_user": "SMTP user name.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, words in FLAGS.items():
        parser.add_argument(f"--{name.replace('_', '-')}", help=words)
    parser.add_argument("--by-code", action="store_true", help="The owner signs in by mailed code only, no password.")
    parser.add_argument("--yes", action="store_true", help="Ask nothing; take flags, variables and defaults.")
    parser.epilog = (
        "Each flag can also be given as ANSHIN_SETUP_<NAME>. Passwords never are flags:"
        " ANSHIN_SETUP_OWNER_PASSWORD, ANSHIN_SETUP_MAILBOX_PASSWORD, ANSHIN_SETUP_SMTP_PASSWORD,"
        " each also with _FILE for a file that holds it."
    )


def run(options: argparse.Namespace) -> int:
    """0 when everything is set up, 1 when only mail does not work yet, 2 when nothing could be done."""
    terminal = Terminal(options)
    try:
        _prepare_folder()
        new_database = _choose_database(terminal)
        _start_django()
        if new_database:
            environment.keep({"DATABASE_URL": new_database})
        return _set_up(terminal, by_code=options.by_code)
    except Unfit as unfit:
        sys.stderr.write(f"{unfit}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("\n" + _("Stopped. No shop was set up.") + "\n")
        return 130


def _prepare_folder() -> None:
    """ANSHIN_DATA with a secret key. Raises Unfit."""
    folder = Path(environment.read("ANSHIN_DATA"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = folder / "secret.key"
        if not environment.read("ANSHIN_SECRET_KEY") and not key.exists():
            _write_secret(key)
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        words = _(
            "The folder %(folder)s cannot be written: %(why)s. Change its owner, or choose another in ANSHIN_DATA."
        )
        raise Unfit(words % {"folder": folder.resolve(), "why": error.strerror}) from None


def _write_secret(key: Path) -> None:
    draft = key.with_suffix(".part")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    draft.replace(key)


def _choose_database(terminal: Terminal) -> str:
    """The address of a database that is new to this installation, "" where nothing has to be kept. Raises Unfit."""
    current = environment.read("DATABASE_URL")
    if not current and (environment.settings_file().parent / "anshin.sqlite3").exists():
        current = "sqlite"
    if current:
        if (terminal.given("database_url") or current) != current:
            raise Unfit(_("This installation has a database already. To use another one, choose another ANSHIN_DATA."))
        return ""
    question = _("Database: Enter for the built-in one (SQLite), or postgres://user:password@host/name")
    url = terminal.ask("database_url", question, default="sqlite", check=_database_url)
    if url == "sqlite":
        return ""
    os.environ["DATABASE_URL"] = url
    return url


def _start_django() -> None:
    """Django with its tables up to date. Raises Unfit."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anshin.project.settings")
    import django
    from django.core.management import call_command
    from django.db import Error, connection
    from django.utils import translation

    django.setup()
    translation.activate(terminal_language())
    try:
        connection.ensure_connection()
        call_command("migrate", verbosity=0, interactive=False)
    except Error as error:
        words = _(
            "The database cannot be used: %(why)s Check DATABASE_URL and whether the database runs, then try again."
        )
        raise Unfit(words % {"why": " ".join(str(error).split())}) from None


def _set_up(terminal: Terminal, *, by_code: bool) -> int:
    from anshin.plumbing import clock
    from anshin.shops.queries import all_shops

    there = [f"{shop.name} ({shop.slug})" for shop in all_shops()]
    if there:
        terminal.say(_("Set up already: %(shops)s.") % {"shops": ", ".join(there)})
        wants_more = terminal.given("shop") or terminal.yes(_("Set up another shop?"), default=False)
        if not wants_more:
            _say_what_next(terminal)
            return 0
    return _shop(terminal, by_code=by_code, now=clock.now())


def _shop(terminal: Terminal, *, by_code: bool, now: datetime) -> int:
    """Ask for shop, owner and mailbox, then write all of it or nothing."""
    from anshin.shops.queries import shop_by_slug

    name = terminal.ask("shop_name", _("Name of the shop"), check=_name)
    slug = terminal.ask("shop", _("Short name for addresses, e.g. komorebi"), check=_slug)
    owner_name = terminal.ask("owner_name", _("Your name (you become the owner)"), check=_name)
    owner_mail = terminal.ask("owner_mail", _("Your mail address, for signing in"), check=_mail)
    known = shop_by_slug(slug)
    if known is not None:
        _same_or_refused(known, name=name, owner_mail=owner_mail)
        terminal.say(_("This shop is set up already. Nothing was changed."))
        _say_what_next(terminal)
        return 0
    password = None if by_code else _ask_password(terminal, name=owner_name, mail=owner_mail)
    address = terminal.ask(
        "address",
        _("Address at which the desk will be opened in a browser"),
        default=environment.read("ANSHIN_ADDRESS"),
        check=_web_address,
    )
    from anshin.project.cli.setup_mailbox import ask_mailbox

    mailbox, works = ask_mailbox(terminal, default="")
    if password is None and mailbox is None and not environment.read("ANSHIN_MAIL_FROM"):
        raise Unfit(_("Without a mailbox no code can be mailed, so nobody could sign in. Choose a password instead."))
    _keep_address(address)
    _write(name=name, slug=slug, owner=(owner_name, owner_mail, password), mailbox=mailbox, now=now)
    terminal.say(_("The shop %(name)s is set up.") % {"name": name})
    _say_what_next(terminal)
    if not works:
        terminal.say(_("Mail does not work yet. You can correct it at the desk under Settings, Mailboxes."))
    return 0 if works else 1


def _same_or_refused(shop: Shop, *, name: str, owner_mail: str) -> None:
    from anshin.shops.queries import staff_of

    is_ours = staff_of(shop).filter(role="owner", person__email=owner_mail).exists()
    if shop.name != name or not is_ours:
        raise Unfit(_("The short name “%(slug)s” is taken by another shop. Choose another one.") % {"slug": shop.slug})


def _ask_password(terminal: Terminal, *, name: str, mail: str) -> str | None:
    """The owner's password; None for sign-in by mailed code, "" for somebody who has an account already."""
    from anshin.shops.queries import person_by_mail

    if person_by_mail(mail):
        terminal.say(_("You have an account already; its password stays as it is."))
        return ""
    if terminal.given("owner_password") is None and not terminal.is_silent:
        by_code = _("by a code that is mailed each time")
        choices = {"password": _("with a password"), "code": by_code}
        if terminal.pick(_("How do you want to sign in?"), choices, default="password") == "code":
            return None
    return terminal.ask(
        "owner_password",
        _("Password, at least 12 characters"),
        check=lambda value: _password(value, name=name, mail=mail),
        is_secret=True,
    )


def _write(
    *, name: str, slug: str, owner: tuple[str, str, str | None], mailbox: MailboxSettings | None, now: datetime
) -> None:
    from django.db import transaction

    from anshin.channels.email.actions import save_mailbox
    from anshin.replies.actions import add_starting_set
    from anshin.shops.actions import Refused, invite_staff, open_shop
    from anshin.shops.terms import Role

    owner_name, owner_mail, password = owner
    try:
        with transaction.atomic():
            contact = mailbox.address if mailbox else owner_mail
            shop = open_shop(slug=slug, name=name, contact_mail=contact, now=now)
            invite_staff(
                shop=shop,
                email=owner_mail,
                name=owner_name,
                role=Role.OWNER,
                language=owner_language(),
                password=password,
                by=None,
                now=now,
            )
            add_starting_set(shop=shop, by=None, now=now)
            if mailbox:
                save_mailbox(shop=shop, settings=mailbox, by=None, now=now)
    except Refused as refusal:
        raise Unfit(str(refusal)) from None


def _keep_address(address: str) -> None:
    """The desk's address and host name in settings.env, unless the environment says them."""
    if address == environment.read("ANSHIN_ADDRESS"):
        return
    host = urlsplit(address).hostname or ""
    hosts = [each for each in environment.read("ANSHIN_HOSTS").split(",") if each]
    environment.keep({"ANSHIN_ADDRESS": address, "ANSHIN_HOSTS": ",".join(dict.fromkeys([*hosts, host]))})


def _say_what_next(terminal: Terminal) -> None:
    folder = os.environ.get("ANSHIN_DATA")
    command = f"ANSHIN_DATA={folder} ./anshin serve" if folder else "./anshin serve"
    terminal.say(
        "",
        _("Next: start the desk with"),
        f"  {command}",
        _("and open %(address)s in a browser.") % {"address": environment.read("ANSHIN_ADDRESS")},
    )


def _database_url(value: str) -> str:
    url = value.strip()
    if url == "sqlite":
        return url
    try:
        database.from_url(url)
    except ValueError:
        words = _("This is not an address of a PostgreSQL database. Write it like postgres://user:password@host/name.")
        raise Unfit(words) from None
    return url


def _name(value: str) -> str:
    name = " ".join(value.split())
    if not 0 < len(name) <= 80:
        raise Unfit(_("A name has 1 to 80 characters."))
    return name


def _slug(value: str) -> str:
    slug = value.strip()
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?", slug):
        raise Unfit(_("The short name has small letters, digits and hyphens only, at most 40, e.g. komorebi."))
    return slug


def _mail(value: str) -> str:
    from anshin.language.mails import looks_like_mail

    address = value.strip().lower()
    if not looks_like_mail(address) or not address.isascii():
        raise Unfit(_("This is not a mail address. Write it like shop@example.jp."))
    return address


def _password(value: str, *, name: str, mail: str) -> str:
    from django.contrib.auth import get_user_model
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    try:
        validate_password(value, user=get_user_model()(email=mail, name=name))
    except ValidationError as error:
        raise Unfit(" ".join(error.messages)) from None
    return value


def _web_address(value: str) -> str:
    address = value.strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise Unfit(_("Write the address like https://desk.example.jp."))
    return address
