"""Files leave as downloads that cannot run; only our own pictures are shown."""

import asyncio

import pytest
from django.test import AsyncRequestFactory, RequestFactory

from anshin.plumbing.files import store
from anshin.plumbing.files.serve import download, preview
from anshin.plumbing.files.store import BlobDamaged, keep, path_of
from anshin.plumbing.files.thumbnails import thumbnail

pytestmark = pytest.mark.django_db

TEXT = b"0123456789"


@pytest.fixture
def get(now):
    """The response for a download of `content` asked for with these headers."""

    def _get(content=TEXT, *, name="a.txt", **headers):
        return download(RequestFactory().get("/", headers=headers), keep(1, content, now=now), name=name)

    return _get


def _body(response):
    body = b"".join(response.streaming_content)
    response.close()
    return body


def test_a_download_carries_every_guard(get):
    response = get(name="領収 書.txt")
    assert (response.status_code, _body(response)) == (200, TEXT)
    assert dict(response.items()) == {
        "Content-Type": "application/octet-stream",
        "Content-Length": "10",
        "Content-Disposition": "attachment; filename=\"__ _.txt\"; filename*=UTF-8''%E9%A0%98%E5%8F%8E%20%E6%9B%B8.txt",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
        "ETag": '"84d89877f0d4041efb6bf91a16f0248f2fd573e6af05c19f96bedb9f882f7882"',
    }


@pytest.mark.parametrize("name", ['a"; filename=b.html', "a\r\nSet-Cookie: x=1.txt", "a\\b/c';x.pdf"])
def test_a_name_cannot_break_out_of_its_header(get, name):
    response = get(name=name)
    response.close()
    disposition = response["Content-Disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.count('"') == 2
    assert "\n" not in disposition
    assert "'" not in disposition.partition("UTF-8''")[2]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<svg><script>1</script></svg>", "application/octet-stream"),
        (b"<html>", "application/octet-stream"),
        (b"<?xml version='1.0'?><a/>", "application/octet-stream"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
    ],
)
def test_what_a_browser_could_run_is_declared_as_mere_bytes_and_always_attached(get, content, kind):
    response = get(content)
    response.close()
    assert response["Content-Type"] == kind
    assert response["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("asked", "status", "body", "content_range"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=4-", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=-99", 206, TEXT, "bytes 0-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=5-2", 200, TEXT, None),
        ("bytes=-", 200, TEXT, None),
        ("bytes=0-1,4-5", 200, TEXT, None),
        ("lines=1-2", 200, TEXT, None),
    ],
)
def test_one_range_is_answered(get, asked, status, body, content_range):
    response = get(Range=asked)
    assert (response.status_code, _body(response)) == (status, body)
    assert response.get("Content-Range") == content_range
    assert response["Content-Length"] == str(len(body))


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(get, asked):
    response = get(Range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, "bytes */10")


def test_a_range_of_another_version_gets_the_whole_file(get):
    response = get(Range="bytes=0-3", **{"If-Range": '"other"'})
    assert (response.status_code, _body(response)) == (200, TEXT)


def test_a_file_that_the_browser_has_is_not_sent_again(get, now):
    response = get(**{"If-None-Match": f'"{keep(1, TEXT, now=now).sha256}"'})
    assert (response.status_code, response.content) == (304, b"")
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_under_asgi_it_streams_without_a_synchronous_iterator(now):
    blob = keep(1, b"x" * 200_000, now=now)
    response = download(AsyncRequestFactory().get("/", headers={"Range": "bytes=10-150009"}), blob, name="a")

    async def collect():
        portions = [portion async for portion in response]
        response.close()
        return portions

    assert response.is_async
    assert [len(portion) for portion in asyncio.run(collect())] == [65536, 65536, 18928]


@pytest.mark.parametrize("factory", [RequestFactory, AsyncRequestFactory])
@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=1-2"}])
def test_a_response_that_nobody_reads_closes_its_file(now, monkeypatch, factory, headers):
    opened = []
    open_blob = store.open_blob

    def _open(blob):
        opened.append(open_blob(blob))
        return opened[0]

    monkeypatch.setattr(store, "open_blob", _open)
    download(factory().get("/", headers=headers), keep(1, TEXT, now=now), name="a").close()
    assert [file.closed for file in opened] == [True]


def test_damaged_bytes_are_not_sent(get, now):
    blob = keep(1, TEXT, now=now)
    path_of(blob.sha256).write_bytes(b"short")
    with pytest.raises(BlobDamaged):
        download(RequestFactory().get("/"), blob, name="a")


def test_our_own_picture_is_shown_inline_in_a_sandbox(picture, now):
    small = thumbnail(keep(1, picture("PNG", (40, 20)), now=now), longest_side_px=112, now=now)
    response = preview(RequestFactory().get("/"), small)
    response.close()
    assert response["Content-Disposition"] == "inline"
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_strangers_file_is_never_shown_inline(now):
    with pytest.raises(ValueError, match="svg"):
        preview(RequestFactory().get("/"), keep(1, b"<svg></svg>", now=now))
