"""Every setting that an operator can make: name, meaning, default. docs/operators/settings.md is drawn from it.

A value is looked for in the environment variable NAME, in the file that NAME_FILE names, in ANSHIN_DATA/settings.env
(lines NAME=value, written by `anshin setup`), then the default counts.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SETTINGS_FILE = "settings.env"


class BadSetting(ValueError):
    """What an operator has set makes no sense; the text says which setting, and what it has to be."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One documented environment variable."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable("ANSHIN_MODE", "production", "production, development or demo. DEBUG exists in development only."),
    Variable("ANSHIN_DATA", "data", "Folder for the SQLite database, files and the secret key."),
    Variable("ANSHIN_SECRET_KEY", "", "At least 40 random characters. Without it: ANSHIN_DATA/secret.key."),
    Variable(
        "DATABASE_URL",
        "",
        "postgres://user:password@host/name; empty means SQLite in ANSHIN_DATA. Behind a pooler that shares sessions"
        " (PgBouncer before 1.21 in transaction mode) add `?prepare=no`. Queries are not compiled (JIT);"
        " `?jit=yes` leaves that to the server.",
    ),
    Variable("ANSHIN_HOSTS", "localhost,127.0.0.1,[::1]", "Host names under which the desk is reached, by comma."),
    Variable("ANSHIN_ADDRESS", "http://localhost:8000", "The desk's own address as written in mails."),
    Variable(
        "ANSHIN_PROXIES",
        "0",
        "How many reverse proxies stand in front; with it contact form and sign-in count by the visitor's address.",
    ),
    Variable(
        "ANSHIN_INSIDE_NETWORKS",
        "",
        "Networks inside, by comma (`10.1.2.0/24,fd00:7::/64`), in which a mailbox's servers may stand. Empty: an owner"
        " may name servers on the internet only. Webhooks and feeds never go inside: docs/operators/outgoing.md.",
    ),
    Variable("ANSHIN_MAIL_FROM", "", "Sender of sign-in codes; empty: the first shop's mailbox."),
    Variable("ANSHIN_SMTP_URL", "", "smtp://user:password@host:587 for sign-in codes (smtps:// for port 465)."),
    Variable("ANSHIN_GOOGLE_CLIENT_ID", "", "Client ID for mailboxes at Google; a shop may enter its own instead."),
    Variable("ANSHIN_GOOGLE_CLIENT_SECRET", "", "Its secret."),
    Variable(
        "ANSHIN_MICROSOFT_CLIENT_ID", "", "Client ID for mailboxes at Microsoft; a shop may enter its own instead."
    ),
    Variable("ANSHIN_MICROSOFT_CLIENT_SECRET", "", "Its secret."),
    Variable("ANSHIN_MICROSOFT_TENANT", "", "ID or domain of the organisation; empty: accounts of every one."),
    Variable(
        "ANSHIN_SESSION_IDLE_MINUTES",
        "720",
        "After so many minutes without use staff sign in again, at least 10. Shorter where strangers pass the screen.",
    ),
    Variable("ANSHIN_SESSION_LONGEST_HOURS", "168", "After so many hours staff sign in again in any case."),
    Variable(
        "ANSHIN_SIGN_IN_WITH",
        "",
        "Where staff may sign in besides, by comma: google, microsoft (with the client IDs above), oidc.",
    ),
    Variable("ANSHIN_OIDC_NAME", "", "What stands on the button of your own OpenID Connect server."),
    Variable("ANSHIN_OIDC_ISSUER", "", "Its address, as https://id.example.jp/realms/shop."),
    Variable("ANSHIN_OIDC_CLIENT_ID", "", "Client ID there."),
    Variable("ANSHIN_OIDC_CLIENT_SECRET", "", "Its secret; empty for a client without one."),
    Variable(
        "ANSHIN_SMIME_ISSUERS",
        "",
        "Certificates (PEM) of the issuers whose word on signed mail counts; ANSHIN_SMIME_ISSUERS_FILE names a file.",
    ),
    Variable("ANSHIN_CLOCK_SHIFT_SECONDS", "0", "Shift of the clock; the demo sets it."),
    Variable("ANSHIN_EMBEDDED_WORKER", "1", "1: the web process also works off jobs. 0: only `anshin worker` does."),
    Variable(
        "ANSHIN_JOBS",
        "rows",
        "rows: workers find jobs in the database. celery: a broker tells workers on many machines (PostgreSQL only).",
    ),
    Variable(
        "ANSHIN_BROKER_URL", "", "With ANSHIN_JOBS=celery: amqp://user:password@host/vhost or redis://host:6379/0."
    ),
    Variable(
        "ANSHIN_LIVE_URL",
        "",
        "redis://host:6379/1 to let open pages know of changes made by other processes; empty: PostgreSQL does that,"
        " and needs sessions of its own (a pooler that shares them is not enough)."
        " Needs `pip install 'anshin[machines]'`.",
    ),
    Variable(
        "ANSHIN_FILES",
        "",
        "Where files lie: empty means ANSHIN_DATA/files. `s3://bucket/folder?endpoint=https://host&region=…` is a"
        " bucket of Amazon S3 or of a server that speaks S3; `&encryption=AES256` lets it encrypt what it keeps,"
        " `&style=host` puts the bucket into the host's name. Needs `pip install 'anshin[machines]'`; move with"
        " `anshin move-files`.",
    ),
    Variable("ANSHIN_FILES_KEY", "", "Access key for that bucket; empty: as boto3 finds one (a machine's role)."),
    Variable("ANSHIN_FILES_SECRET", "", "Its secret; ANSHIN_FILES_SECRET_FILE names a file."),
    Variable("ANSHIN_BACKUP_TO", "", "Folder for the nightly backup, best on another disk; empty: none is made."),
    Variable(
        "ANSHIN_BACKUP_PASSPHRASE",
        "",
        "Seals the key and the settings inside each backup; ANSHIN_BACKUP_PASSPHRASE_FILE names a file."
        " Keep it elsewhere too: without it a backup cannot be put back.",
    ),
    Variable("ANSHIN_BACKUP_KEEP", "14", "How many nightly backups are kept; 0: all of them."),
    Variable(
        "ANSHIN_METRICS_TOKEN",
        "",
        "At least 20 random characters that Prometheus sends as Bearer token to `/metrics`; empty: only this machine"
        " itself may ask.",
    ),
    Variable(
        "ANSHIN_WORKER_LISTEN",
        "",
        "host:port on which `anshin worker` answers `/metrics` and `/health/live`; empty: it does not listen.",
    ),
    Variable("ANSHIN_LOG", "lines", "lines: for people. json: one object a line, each request and each job included."),
    Variable("PORT", "8000", "Port of `anshin serve` and `anshin demo`."),
)
_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def read(name: str) -> str:
    """The value of a documented variable. Raises KeyError if undocumented, OSError when NAME_FILE cannot be read."""
    default = _DEFAULTS[name]
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    if name == "ANSHIN_DATA":
        return default
    return from_file().get(name, default)


def from_file() -> dict[str, str]:
    """What stands in settings.env; comments, empty lines and unknown names are passed over."""
    try:
        text = settings_file().read_text(encoding="utf-8")
    except OSError:
        return {}
    pairs = (line.partition("=") for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, equals, value in pairs if equals and name.strip() in _DEFAULTS}


def keep(values: Mapping[str, str]) -> bool:
    """Write `values` into settings.env beside what stands there; False when nothing had to change.

    The file is readable by its owner only, since an address of a database may hold a password.
    Raises KeyError for an undocumented name, ValueError for a value with a line break, OSError.
    """
    for name, value in values.items():
        if "\n" in value or "\r" in value:
            raise ValueError(f"{name} must be one line")
        _DEFAULTS[name]
    merged = from_file() | dict(values)
    if merged == from_file():
        return False
    lines = ["# Written by ./anshin setup. Environment variables of the same name win.", ""]
    lines += [f"{name}={value}" for name, value in sorted(merged.items())]
    draft = settings_file().with_suffix(".part")
    draft.touch(mode=0o600)
    draft.chmod(0o600)
    draft.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft.replace(settings_file())
    return True


def settings_file() -> Path:
    """Where setup keeps what was decided."""
    return Path(read("ANSHIN_DATA")) / SETTINGS_FILE


def settings_page() -> str:
    """docs/operators/settings.md in full."""
    rows = [f"| `{each.name}` | {_code(each.default)} | {each.meaning} |" for each in VARIABLES]
    return "\n".join([_PAGE_HEAD, *rows, ""])


def _code(value: str) -> str:
    return f"`{value}`" if value else "–"


_PAGE_HEAD = """# Settings

A value is looked for, in this order, in

1. the environment variable `NAME`,
2. the file whose path stands in `NAME_FILE` (for secrets handed over as files),
3. `ANSHIN_DATA/settings.env`, lines `NAME=value`, which `./anshin setup` writes,
4. the default.

Everything about a shop (name, opening hours, staff, mailboxes) is set at the desk, not here. After a change of a
setting, start `./anshin serve` and `./anshin worker` again.

This page is drawn from `src/anshin/project/environment.py`; a test holds the two together.

| name | default | meaning |
|---|---|---|"""
