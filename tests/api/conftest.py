"""A key of each kind, and somebody who asks with it."""

import json

import pytest

from anshin.integrations import actions
from anshin.integrations.terms import Scope


class Program:
    """Asks the API with one key."""

    def __init__(self, client, secret):
        self.client, self.secret, self.words = client, secret, 0

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, **self._headers())

    def post(self, path, body, word=None):
        return self._write("post", path, body, word or self._word())

    def patch(self, path, body, word=None):
        return self._write("patch", path, body, word)

    def _word(self):
        self.words += 1
        return f"word-{self.words}"

    def _write(self, method, path, body, word):
        more = {"HTTP_IDEMPOTENCY_KEY": word} if word else {}
        content = body if isinstance(body, str | bytes) else json.dumps(body, ensure_ascii=False)
        return getattr(self.client, method)(
            f"/api/v1{path}", content, content_type="application/json", **self._headers(), **more
        )

    def _headers(self):
        return {"HTTP_AUTHORIZATION": f"Bearer {self.secret}"} if self.secret else {}


@pytest.fixture
def program(client, now):
    """Makes a program with a key that works for somebody."""

    def make(member, scopes=tuple(Scope), *, by=None, expires_at=None, name="倉庫の連携"):
        _key, secret = actions.make_key(
            by=by or member, name=name, scopes=scopes, member=member, expires_at=expires_at, now=now
        )
        return Program(client, secret)

    return make


@pytest.fixture
def nobody(client):
    return Program(client, "")
