"""Many made-up requests: no answer that the description does not name, and none of 500.

Few examples here, and always the same ones; ANSHIN_API_EXAMPLES=300 looks longer and by chance.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    missing_required_header,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from anshin.integrations import actions
from anshin.integrations.actions import keys
from anshin.integrations.terms import Scope
from anshin.plumbing import clock
from tests.cases.writing import arrive

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("ANSHIN_API_EXAMPLES", "0"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    missing_required_header,
    unsupported_method,
    ignored_auth,
]
_WSGI = get_wsgi_application()
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _WSGI)
plain = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", _WSGI)
plain.config.phases.coverage.enabled = False


def few(count):
    return settings(
        max_examples=EXAMPLES or count,
        derandomize=not EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture
def asked(owner, shop, post, now, monkeypatch):
    """Asks with a key, in a shop in which there is one of everything; what each request wrote is gone afterwards."""
    arrive(shop, "a@mail.example", at=now)
    monkeypatch.setattr(keys, "LIMIT", 10**9)
    monkeypatch.setattr(clock, "now", lambda: now)
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)

    def ask(case, scopes):
        with transaction.atomic():
            _key, secret = actions.make_key(by=owner, name="x", scopes=scopes, member=owner, expires_at=None, now=now)
            case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, checks=CHECKS)
            transaction.set_rollback(True)

    yield ask
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@schema.parametrize()
@few(10)
def test_with_every_scope_each_answer_is_in_the_description(case, asked):
    asked(case, list(Scope))


@pytest.mark.parametrize("scope", list(Scope))
@plain.parametrize()
@few(1)
def test_with_one_scope_each_answer_is_in_the_description(case, asked, scope):
    asked(case, [scope])
