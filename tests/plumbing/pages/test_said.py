"""What the next page says goes there in a cookie that tells nothing on the way."""

import base64
import re
import secrets
import zlib
from contextlib import suppress

from django.http import HttpRequest, HttpResponse

from anshin.plumbing.pages.said import SealedMessages

WORDS = "柏木 由紀子様 y-kashiwagi@mail.example"


def kept(words=WORDS, count=1):
    answer = HttpResponse()
    storage = SealedMessages(HttpRequest())
    for _each in range(count):
        storage.add(25, words)
    storage.update(answer)
    return answer.cookies["messages"].value


def said(cookie):
    request = HttpRequest()
    request.COOKIES["messages"] = cookie
    storage = SealedMessages(request)
    return [str(each) for each in storage], storage


def readable(cookie):
    """Everything that somebody could get out of it without a secret."""
    found = [cookie]
    for part in re.split(r"[:.$]", cookie):
        try:
            plain = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except ValueError:
            continue
        found.append(plain.decode("utf-8", "replace"))
        with suppress(zlib.error):
            found.append(zlib.decompress(plain).decode("unicode_escape"))
    return " ".join(found)


def test_the_cookie_is_read_by_the_next_page_alone():
    assert said(kept())[0] == [WORDS]
    for word in ("柏木", "kashiwagi", "mail.example"):
        assert word not in readable(kept())


def test_what_is_not_ours_says_nothing_and_goes():
    for cookie in ("x", "柏木", kept()[:-4] + "AAAA", "gAAAAA" * 30):
        words, storage = said(cookie)
        answer = HttpResponse()
        storage.update(answer)
        assert words == []
        assert answer.cookies["messages"]["max-age"] == 0


def test_many_words_leave_out_the_oldest():
    answer, storage = HttpResponse(), SealedMessages(HttpRequest())
    for number in range(40):
        storage.add(25, f"{number} {secrets.token_hex(40)}")
    storage.update(answer)
    cookie = answer.cookies["messages"].value
    words = said(cookie)[0]
    assert len(cookie) <= 2048
    assert 5 < len(words) < 40
    assert words[-1].startswith("39 ")
