"""A shop's own product page with the pasted line: the notice stands there, and nothing else happens."""

import http.server
import threading

import pytest
from playwright.sync_api import expect

PAGE = """<!doctype html><html lang="{language}"><meta charset="utf-8"><title>ガラスの花器</title>
<h1>ガラスの花器 L</h1>
<script src="{desk}/notices/v1/notice.js" data-shop="komorebi" data-product="{product}" async></script>
<p>¥8,250</p></html>"""


@pytest.fixture
def product_page(demo):
    """product_page(product, language) is the address of a page elsewhere, under a strict policy of its own."""
    pages = {}

    class Shop(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = pages.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            policy = f"default-src 'none'; script-src {demo}; connect-src {demo}"
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def address(product, language="ja"):
        path = f"/{product}/{language}"
        pages[path] = PAGE.format(desk=demo, product=product, language=language)
        return f"http://localhost:{server.server_port}{path}"

    yield address
    server.shutdown()


@pytest.fixture
def visitor(chromium):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, is_mobile=True)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize(
    ("language", "heading", "link"),
    [
        ("ja", "使う前に、ひびがないか確かめてください", "公表元の全文"),
        ("en", "Look for cracks before you use it", "Full text"),
        ("zh-TW", "使う前に、ひびがないか確かめてください", "發布機關全文"),
    ],
)
def test_the_notice_stands_where_the_line_was_pasted(visitor, product_page, language, heading, link):
    visitor.goto(product_page("VS-GL-L", language))
    notice = visitor.get_by_role("region")
    expect(notice).to_contain_text(heading)
    expect(notice.get_by_role("link", name=link)).to_have_attribute(
        "href", "https://kurashi-anzen.example/2026/10/15/kabin"
    )
    assert visitor.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visitor.context.cookies() == []
    assert visitor.evaluate("localStorage.length + sessionStorage.length") == 0
    assert [words for words in visitor.complaints if "favicon" not in words] == []


def test_a_sealed_one_shows_nothing(visitor, product_page):
    with visitor.expect_response("**/notices/v1/products/HM-KZ20**") as asked:
        visitor.goto(product_page("HM-KZ20"))
    assert asked.value.json()["notices"] == []
    assert visitor.get_by_role("region").count() == 0
