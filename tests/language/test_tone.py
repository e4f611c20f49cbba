"""Words of ours that blame, defend or mock."""

import pytest

from anshin.language.tone import Harshness, harsh_in


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("お言葉ですが、商品ページに書いてありますよね。", ["お言葉ですが", "書いてありますよね"]),
        (
            "何度も申し上げておりますとおり、お客様の勘違いです。",
            ["何度も申し上げておりますとおり", "お客様の勘違いです"],
        ),
        ("ちゃんとご確認ください。", ["ちゃんと"]),
        ("当店に落ち度はございません。", ["当店に落ち度はございません"]),
        ("常識的に考えてお受けできません。", ["常識的に考えて"]),
        ("You should have read the page.", ["You should have read"]),
        ("这不是我们的问题。", ["这不是我们的问题"]),
        ("고객님의 실수입니다.", ["고객님의 실수입니다"]),
        ("ご心配になるのも仕方がありません。ご不便をおかけしました。", []),
        ("「お言葉ですが」とのご指摘を受け止めます。", []),
        ("当店の確認不足でした。申し訳ございません。", []),
    ],
)
def test_a_passage_is_flagged(text, passages):
    assert [each.passage for each in harsh_in(text)] == passages


def test_it_says_how_it_is_heard_and_what_is_calmer():
    harsh = harsh_in("お言葉ですが、できません。")[0]
    assert (harsh.kind, harsh.instead) == (Harshness.DEFENDS, "恐れ入りますが")
