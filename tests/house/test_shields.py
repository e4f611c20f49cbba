"""What every page tells the browser to refuse, and that no page needs what is refused."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import override_settings

from anshin.plumbing.pages.shields import PERMISSIONS

SRC = Path(__file__).resolve().parents[2] / "src" / "anshin"
PAGES = {
    "/account/identities/": 200,
    "/health/live": 200,
    "/p/komorebi/": 200,
    "/f/komorebi/": 200,
    "/p/komorebi/notices": 200,
    "/notices/v1/komorebi/feed.json": 200,
    "/s/komorebi/inbox/open": 200,
    "/s/shiosai/inbox/open": 404,
    "/nowhere": 404,
    "/api/v1/docs": 200,
}
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=[\"']|javascript:", re.IGNORECASE)
LETTERS = ("letters/", "page_notice")  # mails carry their looks in themselves; no browser page of ours is made of them


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), PAGES.items())
def test_every_answer_says_what_the_browser_shall_refuse(client, agent, path, status):
    client.force_login(agent.person)
    answer = client.get(path)
    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy
    for rule in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'self'", "trusted-types default"):
        assert rule in policy
    assert "http" not in policy
    assert answer.headers["Permissions-Policy"] == PERMISSIONS
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"


KEPT = {"/notices/v1/komorebi/feed.json", "/p/komorebi/notices"}  # public, the same for everybody


@pytest.mark.django_db
@pytest.mark.parametrize("path", [path for path in PAGES if path not in KEPT])
def test_no_page_is_kept_by_the_browser(client, agent, path):
    client.force_login(agent.person)
    assert "no-store" in client.get(path).headers["Cache-Control"]


@pytest.mark.django_db
def test_a_form_that_comes_back_may_be_gone_back_to(client):
    again = client.post("/account/login/", {"login": "nobody@komorebi.example", "password": "x"})
    assert again.status_code == 200
    assert "public" not in again.headers["Cache-Control"]


@pytest.mark.parametrize(
    "template",
    [path for path in sorted(SRC.rglob("templates/**/*.html")) if not any(part in str(path) for part in LETTERS)],
    ids=lambda path: str(path.relative_to(SRC)),
)
def test_no_template_has_scripts_or_looks_in_line(template):
    assert not INLINE.search(template.read_text(encoding="utf-8"))


def read_settings(address, names):
    """Settings of a desk that is reached under this address, as a server of its own reads them."""
    code = f"from django.conf import settings; print([getattr(settings, name) for name in {names!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "anshin.project.settings",
            "ANSHIN_ADDRESS": address,
            "PYTHONPATH": str(SRC.parent),
            "ANSHIN_DATA": "nowhere",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_behind_tls_cookies_are_for_this_host_alone_and_the_browser_stays_with_tls():
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS"]
    assert read_settings("https://desk.example", names) == "['__Host-sessionid', '__Host-csrftoken', True, 31536000]"
    assert read_settings("http://localhost:8000", names) == "['sessionid', 'csrftoken', False, 0]"


def test_passwords_are_kept_by_a_scheme_that_costs_memory():
    told = read_settings("http://localhost:8000", ["PASSWORD_HASHERS"])
    assert told.index("Scrypt") < told.index("PBKDF2")


@pytest.mark.django_db
def test_a_password_of_before_is_kept_anew_at_the_next_sign_in(client, agent):
    hashers = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=hashers):
        agent.person.password = PBKDF2PasswordHasher().encode("mizuiro-no-tegami-7", "salt-salt-salt-salt", 1000)
        agent.person.save()
        client.post("/account/login/", {"login": agent.person.email, "password": "mizuiro-no-tegami-7"})
        agent.person.refresh_from_db()
        assert client.session["_auth_user_id"] == str(agent.person.pk)
        assert agent.person.password.startswith("scrypt$")
