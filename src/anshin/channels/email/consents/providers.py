"""Mail providers that open mailboxes by consent (OAuth 2.0) instead of a password: where and what to ask.

Servers are fixed here, so that a token can never be shown to a server for which it was not given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from anshin.channels.email.terms import Security, SignIn

EVERY_TENANT = "common"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where a provider's mail server is."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True)
class Provider:
    """`mail_scopes` are what we cannot do without, `scopes` all we ask for; `{tenant}` stands for the organisation."""

    name: str
    authorise_url: str
    token_url: str
    scopes: tuple[str, ...]
    mail_scopes: tuple[str, ...]
    imap: MailServer
    smtp: MailServer
    extras: Mapping[str, str] = field(default_factory=dict)
    register_at: str = ""


PROVIDERS: dict[SignIn, Provider] = {
    # Source: Google, “Using OAuth 2.0 for Web Server Applications” (access_type, prompt) and “OAuth 2.0 Mechanism”
    # (Gmail IMAP, SMTP: the scope, XOAUTH2), developers.google.com, read 2026-11-26.
    SignIn.GOOGLE: Provider(
        name="Google",
        authorise_url="https://accounts.google.com/o/oauth2/v2/auth",
        token_url="https://oauth2.googleapis.com/token",  # noqa: S106  an address
        scopes=("https://mail.google.com/", "openid", "email"),
        mail_scopes=("https://mail.google.com/",),
        imap=MailServer("imap.gmail.com", 993, Security.TLS),
        smtp=MailServer("smtp.gmail.com", 587, Security.STARTTLS),
        extras={"access_type": "offline", "prompt": "consent"},
        register_at="https://console.cloud.google.com/apis/credentials",
    ),
    # Source: Microsoft, “Authenticate an IMAP, POP or SMTP connection using OAuth” (scopes, XOAUTH2) and “Microsoft
    # identity platform and OAuth 2.0 authorization code flow” (endpoints), learn.microsoft.com, read 2026-11-26.
    SignIn.MICROSOFT: Provider(
        name="Microsoft",
        authorise_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
        token_url="https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",  # noqa: S106  an address
        scopes=(
            "https://outlook.office.com/IMAP.AccessAsUser.All",
            "https://outlook.office.com/SMTP.Send",
            "offline_access",
            "openid",
            "email",
        ),
        mail_scopes=("https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send"),
        imap=MailServer("outlook.office365.com", 993, Security.TLS),
        smtp=MailServer("smtp.office365.com", 587, Security.STARTTLS),
        extras={"prompt": "select_account"},
        register_at="https://entra.microsoft.com/",
    ),
}
