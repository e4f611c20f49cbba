"""Every setting that an operator can make: name, meaning, default. docs/operators/settings.md is drawn from it.

Each variable can also be given as NAME_FILE with the path of a file that holds the value.
"""

import os
from dataclasses import dataclass
from pathlib import Path


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
    Variable("DATABASE_URL", "", "postgres://user:password@host/name; empty means SQLite in ANSHIN_DATA."),
    Variable("ANSHIN_HOSTS", "localhost,127.0.0.1,[::1]", "Host names under which the desk is reached, by comma."),
    Variable("ANSHIN_ADDRESS", "http://localhost:8000", "The desk's own address as written in mails."),
    Variable(
        "ANSHIN_PROXIES",
        "0",
        "How many reverse proxies stand in front; with it the contact form counts messages by the customer's address.",
    ),
    Variable("ANSHIN_MAIL_FROM", "", "Sender of sign-in codes; empty: the first shop's mailbox."),
    Variable("ANSHIN_SMTP_URL", "", "smtp://user:password@host:587 for sign-in codes (smtps:// for port 465)."),
    Variable("ANSHIN_CLOCK_SHIFT_SECONDS", "0", "Shift of the clock; the demo sets it."),
    Variable("ANSHIN_EMBEDDED_WORKER", "1", "1: the web process also works off jobs. 0: only `anshin worker` does."),
    Variable("PORT", "8000", "Port of `anshin serve` and `anshin demo`."),
)
_DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def read(name: str) -> str:
    """The value of a documented variable, from NAME, NAME_FILE or its default. Raises KeyError if undocumented."""
    default = _DEFAULTS[name]
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name, default)
