"""HTML made safe, HTML made text, text made HTML."""

import time

import pytest

from anshin.plumbing.mail.html import RemotePictures, SafeHtml, html_from_text, safe_html, text_from_html


def cleaned(html: str, remote: RemotePictures = RemotePictures.BLOCKED) -> SafeHtml:
    return safe_html(html, cid_urls={"Pic@x": "/files/7"}, remote=remote)


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<form action=https://evil.example><input name=q></form>",
        "<iframe src=https://evil.example></iframe>",
        '<p style="background:url(https://evil.example/x.png)">x</p>',
        '<p style="background-image:image-set(https://evil.example)">x</p>',
        '<p style="width:ex\\70ression(alert(1))">x</p>',
        "<style>@import url(https://evil.example)</style>",
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        "<base href=https://evil.example>",
        "<svg onload=alert(1)><a xlink:href=https://evil.example>x</a></svg>",
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        '<img srcset="https://evil.example/x.png 1x">',
        '<td background="https://evil.example/x.png">x</td>',
        '<img src="//evil.example/x.png">',
        "<object data=https://evil.example></object>",
        "<!--[if mso]><img src=https://evil.example><![endif]-->",
    ],
)
@pytest.mark.parametrize("remote", RemotePictures)
def test_nothing_acts_or_loads(html: str, remote: RemotePictures) -> None:
    shown = cleaned(html, remote).html.lower()
    for word in (
        "evil.example",
        "javascript:",
        "alert",
        "script",
        "onclick",
        "<form",
        "<input",
        "<style",
        "url(",
        "svg",
    ):
        assert word not in shown


def test_remote_pictures_are_counted_and_left_out_until_asked_for() -> None:
    html = '<p>a<img src="https://t.example/p.gif" alt="logo"><img src="http://t.example/q.gif"></p>'
    blocked = cleaned(html)
    assert (blocked.blocked_count, "t.example" in blocked.html, 'alt="logo"' in blocked.html) == (2, False, True)
    shown = cleaned(html, RemotePictures.SHOWN)
    assert (shown.blocked_count, shown.html.count("t.example")) == (0, 2)
    assert shown.html.count('referrerpolicy="no-referrer"') == 2


def test_inline_pictures_are_shown_from_our_own_address() -> None:
    shown = cleaned('<img src="cid:pic@x"><img src="cid:missing@x">')
    assert (shown.html.count('src="/files/7"'), shown.html.count("cid:"), shown.blocked_count) == (1, 0, 0)


def test_links_open_outside_without_referrer() -> None:
    assert 'rel="noopener noreferrer nofollow"' in cleaned('<a href="https://a.example/">x</a>').html
    assert 'target="_blank"' in cleaned('<a href="https://a.example/">x</a>').html


def test_looks_survive() -> None:
    html = '<p style="color: red; position: fixed; text-align:center">赤 <font color="blue">青</font></p>'
    assert cleaned(html).html == '<p style="color:red;text-align:center">赤 <font color="blue">青</font></p>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>一<br>二</p><p>三</p>", "一\n二\n\n三\n"),
        ("<div>一</div><div>二</div>", "一\n二\n"),
        ("<ul><li>い<li>ろ<ol start=3><li>は<li>に</ol></ul>", "- い\n- ろ\n  3. は\n  4. に\n"),
        ("<table><tr><th>商品<th>数<tr><td>A<td>2</table>", "商品\t数\nA\t2\n"),
        ("<blockquote><p>引用</p><blockquote>二重</blockquote></blockquote>後", "> 引用\n>\n> > 二重\n\n後\n"),
        ('<a href="https://a.example/x">こちら</a>', "こちら <https://a.example/x>\n"),
        ('<a href="https://a.example/">a.example</a>', "a.example\n"),
        ('<a href="mailto:a@b.jp">a@b.jp</a>', "a@b.jp\n"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c\n"),
        ("<p>a   b\n c</p>", "a b c\n"),
        ("a<hr>b", "a\n" + "-" * 40 + "\nb\n"),
        ('<img src=x alt="図1">', "[図1]\n"),
        ("&lt;&amp;&nbsp;&yen;1,000", "<& ¥1,000\n"),
        ("<style>p{}</style><script>x</script><title>t</title>本文", "本文\n"),
        ('<div style="display:none">隠し</div>本文', "本文\n"),
        ("", ""),
        ("<p> </p>", ""),
    ],
)
def test_text_of_html_is_readable(html: str, text: str) -> None:
    assert text_from_html(html) == text


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000,
        "<ul><li>" * 50_000,
        "<a " + "x=1 " * 100_000 + ">",
        "&" * 200_000,
        "<p><b a=1>" * 20_000,
        "<td>" * 100_000,
    ],
)
def test_wild_html_is_shown_as_words_and_costs_little(html: str) -> None:
    begun = time.process_time()
    assert text_from_html("<p>言葉</p>" + html).startswith("言葉")
    assert "言葉" in cleaned("<p>言葉</p>" + html).html
    assert time.process_time() - begun < 5  # seconds; unguarded it is minutes


def test_outgoing_text_becomes_escaped_html_with_links_and_quotes() -> None:
    text = "<b>様\n\nhttps://a.example/?a=1&b=2。\n> 引用\n> > 二重\n以上"
    quote = '<blockquote style="margin:0 0 0 .5em;padding-left:.7em;border-left:2px solid #bbb">'
    assert html_from_text(text).split("\n") == [
        "<div>&lt;b&gt;様</div>",
        "<div><br></div>",
        '<div><a href="https://a.example/?a=1&amp;b=2">https://a.example/?a=1&amp;b=2</a>。</div>',
        quote,
        "<div>引用</div>",
        quote,
        "<div>二重</div>",
        "</blockquote>",
        "</blockquote>",
        "<div>以上</div>",
    ]
