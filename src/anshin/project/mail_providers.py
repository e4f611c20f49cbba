"""Where the mail servers of well-known providers are: guesses for `anshin setup`, always shown as guesses.

The names change now and then, and some depend on the contract; what the provider's own page says counts.
Written from general knowledge on 2026-11-22, not read from the providers' pages.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """`imap_host` and `smtp_host` may be empty where the name depends on the contract; `{domain}` is the address's."""

    code: str
    name: str
    imap_host: str
    smtp_host: str
    smtp_port: int
    smtp_security: str
    host_example: str = ""
    wants_app_password: bool = False
    refuses_passwords: bool = False
    domains: tuple[str, ...] = ()


PROVIDERS = (
    Provider(
        "sakura", "さくらのレンタルサーバ / Sakura", "", "", 587, "starttls",
        "example.sakura.ne.jp", domains=("sakura.ne.jp",),
    ),
    Provider("xserver", "エックスサーバー / Xserver", "", "", 465, "tls", "sv1234.xserver.jp", domains=("xsrv.jp",)),
    Provider(
        "lolipop", "ロリポップ / Lolipop", "imap.lolipop.jp", "smtp.lolipop.jp", 465, "tls", domains=("lolipop.jp",)
    ),
    Provider("conoha", "ConoHa WING", "", "", 465, "tls", "mail12.conoha.ne.jp"),
    Provider(
        "google", "Google Workspace / Gmail", "imap.gmail.com", "smtp.gmail.com", 587, "starttls",
        wants_app_password=True, domains=("gmail.com", "googlemail.com"),
    ),
    Provider(
        "microsoft", "Microsoft 365 / Outlook", "outlook.office365.com", "smtp.office365.com", 587, "starttls",
        refuses_passwords=True, domains=("outlook.com", "outlook.jp", "hotmail.com", "onmicrosoft.com"),
    ),
    Provider("other", "その他 / Other", "imap.{domain}", "smtp.{domain}", 587, "starttls"),
)  # fmt: skip


def by_code(code: str) -> Provider | None:
    """The provider with this code."""
    return next((each for each in PROVIDERS if each.code == code), None)


def guess(address: str) -> Provider:
    """The provider to which an address probably belongs; `other` for a domain of one's own."""
    domain = address.rpartition("@")[2].lower()
    for provider in PROVIDERS:
        if any(domain == known or domain.endswith(f".{known}") for known in provider.domains):
            return provider
    return PROVIDERS[-1]


def hosts(provider: Provider, address: str) -> tuple[str, str]:
    """IMAP and SMTP host to propose; empty where only the contract says."""
    domain = address.rpartition("@")[2].lower()
    if provider.code == "sakura" and domain.endswith(".sakura.ne.jp"):
        return domain, domain
    return provider.imap_host.format(domain=domain), provider.smtp_host.format(domain=domain)
