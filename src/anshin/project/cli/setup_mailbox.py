"""The part of `anshin setup` that asks for the shop's mailbox, tries it and says in words what does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anshin.project import mail_providers
from anshin.project.cli.asking import Terminal, Unfit
from anshin.project.cli.wording import _

if TYPE_CHECKING:
    from anshin.channels.email.actions import MailboxSettings

_IMAP_PORTS = {"tls": 993, "starttls": 143, "plain": 143}
_SMTP_PORTS = {"tls": 465, "starttls": 587, "plain": 25}


def ask_mailbox(terminal: Terminal, *, default: str) -> tuple[MailboxSettings | None, bool]:
    """The mailbox as answered, None when the shop shall have none yet; and whether its servers work. Raises Unfit."""
    address = terminal.ask(
        "mailbox", _("Mail address of the shop (“none”: later)"), default=default or "none", check=_address
    )
    if address == "none":
        return None, True
    while True:
        settings = _servers(terminal, address)
        works = _try(terminal, settings)
        if works or terminal.is_silent or terminal.yes(_("Keep it like this all the same?"), default=False):
            return settings, works
        terminal.ask_again()


def _servers(terminal: Terminal, address: str) -> MailboxSettings:
    from anshin.channels.email.actions import MailboxSettings
    from anshin.channels.email.terms import Security

    provider = _provider(terminal, address)
    imap_guess, smtp_guess = mail_providers.hosts(provider, address)
    words = {"host": provider.host_example}
    imap_question = _("IMAP server (for example %(host)s)") % words if provider.host_example else _("IMAP server")
    imap_host = terminal.ask("imap_host", imap_question, default=imap_guess or None, check=_host)
    imap_security = terminal.ask(
        "imap_security", _("Its encryption: tls, starttls or plain"), default="tls", check=_security
    )
    imap_port = terminal.ask("imap_port", _("Its port"), default=str(_IMAP_PORTS[imap_security]), check=_port)
    user = terminal.ask("imap_user", _("User name for fetching"), default=address)
    password = terminal.ask("mailbox_password", _("Password of the mailbox"), is_secret=True)
    smtp_host = terminal.ask("smtp_host", _("SMTP server"), default=smtp_guess or imap_host, check=_host)
    smtp_security = terminal.ask(
        "smtp_security", _("Its encryption: tls, starttls or plain"), default=provider.smtp_security, check=_security
    )
    standard = provider.smtp_port if smtp_security == provider.smtp_security else _SMTP_PORTS[smtp_security]
    smtp_port = terminal.ask("smtp_port", _("Its port"), default=str(standard), check=_port)
    smtp_user = terminal.ask("smtp_user", _("User name for sending"), default=user)
    smtp_password = terminal.given("smtp_password")
    return MailboxSettings(
        address=address,
        imap_host=imap_host,
        imap_port=int(imap_port),
        imap_security=Security(imap_security),
        imap_user=user,
        imap_password=password,
        smtp_host=smtp_host,
        smtp_port=int(smtp_port),
        smtp_security=Security(smtp_security),
        smtp_user=smtp_user,
        smtp_password=password if smtp_password is None else smtp_password,
    )


def _provider(terminal: Terminal, address: str) -> mail_providers.Provider:
    code = terminal.given("provider") or terminal.pick(
        _("Whose mail service is it?"),
        {each.code: each.name for each in mail_providers.PROVIDERS},
        default=mail_providers.guess(address).code,
    )
    provider = mail_providers.by_code(code)
    if provider is None:
        known = ", ".join(each.code for each in mail_providers.PROVIDERS)
        raise Unfit(_("The provider “%(code)s” is not known. Use one of: %(known)s.") % {"code": code, "known": known})
    if not terminal.is_silent:
        terminal.say(_("Server names shown in brackets are guesses. What your provider states is right."))
    if provider.wants_app_password:
        terminal.say(_("This provider wants an app password instead of the ordinary one."))
    if provider.refuses_passwords:
        terminal.say(_("This provider mostly no longer lets programs sign in with a password; it may refuse."))
    if provider.code in {"google", "microsoft"}:
        terminal.say(_("At the desk it can be connected without a password: Settings, Mailboxes, Change, Sign-in."))
    return provider


def _try(terminal: Terminal, settings: MailboxSettings) -> bool:
    """Try both servers; nothing is sent. Says what was found."""
    from anshin.channels.email.servers.trying import try_imap, try_smtp
    from anshin.channels.email.terms import Server

    terminal.say(_("Trying the servers …"))
    imap = Server(
        settings.imap_host, settings.imap_port, settings.imap_security, settings.imap_user, settings.imap_password or ""
    )
    smtp = Server(
        settings.smtp_host, settings.smtp_port, settings.smtp_security, settings.smtp_user, settings.smtp_password or ""
    )
    findings = [try_imap(imap), try_smtp(smtp, settings.address)]
    for finding in [each for one in findings for each in one]:
        terminal.say(f"  {'✓' if finding.is_good else '!'} {finding.sentence}")
    return all(found[0].is_good for found in findings)


def _address(value: str) -> str:
    from anshin.language.mails import looks_like_mail

    address = value.strip().lower()
    if address == "none" or (looks_like_mail(address) and address.isascii()):
        return address
    raise Unfit(_("This is not a mail address. Write it like shop@example.jp."))


def _host(value: str) -> str:
    host = value.strip().lower()
    if not host or any(character.isspace() or character in "/:@" for character in host):
        raise Unfit(_("This is not a server name. Write it like imap.example.jp, without https:// and port."))
    from anshin.channels.email.servers.lines import leads_inside
    from anshin.channels.email.terms import Trouble, sentence

    if leads_inside(host):
        how = _("Name its network in ANSHIN_INSIDE_NETWORKS, such as 10.1.2.0/24, and start again.")
        raise Unfit(f"{sentence(Trouble.INSIDE, host)} {how}")
    return host


def _security(value: str) -> str:
    if value.strip().lower() not in _IMAP_PORTS:
        raise Unfit(_("Write tls, starttls or plain."))
    return value.strip().lower()


def _port(value: str) -> str:
    if not value.strip().isdecimal() or not 0 < int(value) < 65536:
        raise Unfit(_("A port is a number from 1 to 65535."))
    return value.strip()
