"""What cannot wait, and what only sounds like it."""

from datetime import date

import pytest

from anshin.language.dates import read_date
from anshin.language.topics.features import said
from anshin.language.topics.urgency import UrgentKind, candidates, judge
from anshin.language.topics.urgent_words import reason_en, reason_ja

THURSDAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ふたが外れて腕にやけどをしました。", UrgentKind.INJURY),
        ("食べたあと家族みんな下痢です", UrgentKind.INJURY),
        ("充電中に煙が出ました", UrgentKind.FIRE),
        ("コンロからガスの臭いがします", UrgentKind.GAS),
        ("アカウントが乗っ取られました", UrgentKind.TAKEOVER),
        ("偽サイトにカード番号を入力してしまいました", UrgentKind.TAKEOVER),
        ("当職は代理人弁護士として通知いたします", UrgentKind.LEGAL),
        ("明日が誕生日なのにプレゼントが来ません", UrgentKind.GIFT_DATE),
        ("12/5の結婚式に間に合うようにお願いします", UrgentKind.GIFT_DATE),
        ("法事が今週の日曜です。それまでに届きますか", UrgentKind.GIFT_DATE),
        ("今日届くはずの荷物がまだ来ません", UrgentKind.PROMISED_TODAY),
        ("26日に発送するとのことでしたが、まだ連絡がありません", UrgentKind.PROMISED_TODAY),
        ("継ぎ目からガスが漏れています", UrgentKind.GAS),
        ("ガスが漏れていないか、見に来てください", UrgentKind.GAS),
        ("コードの根元から煙が出ていました", UrgentKind.FIRE),
        ("煙が出ております。どうすればよいでしょう", UrgentKind.FIRE),
        ("けが人がいます", UrgentKind.INJURY),
        ("子どもが怪我をしております", UrgentKind.INJURY),
        ("枕を替えてから激痛で、整形外科に通っています", UrgentKind.INJURY),
        ("本日必着でお願いした棚が、まだ搬入されておりません", UrgentKind.PROMISED_TODAY),
        ("26日にお電話くださるとのことで、一日待ちましたが", UrgentKind.PROMISED_TODAY),
        ("The handle broke and I burned my hand.", UrgentKind.INJURY),
        ("充电器冒烟了", UrgentKind.FIRE),
        ("계정이 해킹당했어요", UrgentKind.TAKEOVER),
    ],
)
def test_urgent(text: str, kind: UrgentKind) -> None:
    found = judge(said("", text), sent_on=THURSDAY)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "倒れてもやけどしにくい造りですか。",
        "けがはありませんでしたが、脚がぐらつきます。",
        "防炎ラグの証明はありますか",
        "ガス火で使えますか",
        "誕生日は来年の4月なので急ぎません。いつ発送ですか",
        "母の日のギフトを探しています。包装はできますか",
        "弁護士向けの情報サイトを運営しております",
        "恥ずかしくて顔から火が出ました",
        "16日着の予定でしたよね。今日26日です。どうなっていますか",
        "11月18日納品予定の品が、本日26日現在届いておりません",
        "けがをしたひざに貼るテープはどれですか",
        "次の便は、入院のため1月にしてください",
        "トースターが、焦げるどころか温まりもしません",
        "税務署に出す書類がほしいです",
        "消費者センターに聞いたら、まずお店へと言われました",
        "娘が私のアカウントで勝手に買っていました",
        "海外から自分でログインしたら止められました",
        "先日の還暦祝いは無事に済みました。荷物はまだ来ません。",
    ],
)
def test_not_urgent(text: str) -> None:
    assert judge(said("", text), sent_on=THURSDAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "刀尖断了,没割到手。",
        "椅子塌了,当时没人坐,谁也没受伤。",
        "不冒烟也没焦味,就是不转。",
        "是我自己输错密码锁住的,不是被盗。",
        "短信说再不付就起诉,是假的吧?",
        "把手整個掉下來,還好我沒被燙到。",
        "沒有冒煙也沒有焦味,就是不會動。",
        "信裡說我帳號被盜用要我付錢,我什麼都沒點。",
        "信上寫要走法律程序,不必這樣吧。",
        "칼끝이 부러졌어요. 베이지는 않았어요.",
        "연기도 냄새도 없고 그냥 안 돌아가요.",
        "제가 비밀번호를 틀려서 잠긴 거지 해킹은 아니에요.",
        "안 내면 고소한다는 문자가 왔는데 가짜죠?",
        "The chair collapsed. Nobody was sitting on it, so no one got hurt.",
        "A text threatens me with court if I don't pay.",
        "煙は出ていません。電源が落ちるだけです。",
        "乗っ取られたわけではありません。自分で6回間違えました。",
        "弁護士を名乗るメールが届きました。",
    ],
)
def test_a_danger_that_is_ruled_out_or_said_by_another_is_none(text: str) -> None:
    assert candidates(said("", text), sent_on=THURSDAY) == ()


@pytest.mark.parametrize(
    "text",
    [
        "火が出ましたが、幸いけが人はいません。",
        "插头烧焦了,还好没人受伤。",
        "插頭燒焦了,還好沒人受傷。",
        "콘센트에서 불꽃이 튀었지만 다친 사람은 없습니다.",
        "The toaster caught fire, but nobody was hurt.",
    ],
)
def test_that_nobody_was_hurt_does_not_put_out_a_fire(text: str) -> None:
    assert [each.kind for each in candidates(said("", text), sent_on=THURSDAY)] == [UrgentKind.FIRE]


def test_where_the_danger_is_ruled_out_the_classifier_must_be_very_sure() -> None:
    denied = said("", "煙は出ていません。")
    assert judge(denied, sent_on=THURSDAY, learnt={"fire": 0.5}) is None
    found = judge(denied, sent_on=THURSDAY, learnt={"fire": 0.7})
    assert found is not None and found.kind is UrgentKind.FIRE


@pytest.mark.parametrize(
    ("kind", "day"), [("gift_date", "28日に渡す指輪です"), ("promised_today", "26日に伺うという話です")]
)
def test_of_what_happens_on_a_near_day_the_classifier_may_be_sure(kind: str, day: str) -> None:
    found = judge(said("", day), sent_on=THURSDAY, learnt={kind: 0.5})
    assert found is not None and found.kind == kind
    assert judge(said("", day), sent_on=THURSDAY) is None
    assert judge(said("", "指輪の話です"), sent_on=THURSDAY, learnt={kind: 0.5}) is None


def test_what_another_mail_says_in_a_quote_is_not_said_by_this_writer() -> None:
    text = "この件は解決しました。\n\n2026年11月20日(金) 10:00 山田 <a@example.jp>:\n> 煙が出て火傷しました\n"
    assert candidates(said("", text), sent_on=THURSDAY) == ()


def test_the_classifier_may_overrule_words_and_find_what_no_word_says() -> None:
    assert judge(said("", "煙が出ました"), sent_on=THURSDAY, learnt={"fire": -2.0}) is None
    found = judge(said("", "肝臓の数値が悪くなりました"), sent_on=THURSDAY, learnt={"injury": 0.5})
    assert found is not None and found.kind is UrgentKind.INJURY


def test_the_reason_is_a_sentence_with_the_day_and_the_words() -> None:
    found = judge(said("", "12/5の結婚式に間に合いますか"), sent_on=THURSDAY)
    assert found is not None and found.on == date(2026, 12, 5)
    assert reason_ja(found) == "贈り物や行事の日が近づいています(12月5日(土))。「12/5の結婚式に間に合いますか」"
    assert reason_en(found) == "The day of a gift or event is near (2026-12-05): “12/5の結婚式に間に合いますか”"


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("母の日までに", date(2027, 5, 9)),
        ("父の日", date(2026, 6, 21)),
        ("敬老の日", date(2026, 9, 21)),
        ("来年の成人式", date(2027, 1, 11)),
        ("クリスマスに", date(2026, 12, 25)),
        ("イブの夜", date(2026, 12, 24)),
        ("去年のクリスマス", date(2025, 12, 25)),
        ("Mother's Day", date(2027, 5, 9)),
        ("下周五", date(2026, 12, 4)),
        ("明天", date(2026, 11, 27)),
        ("다음 주 금요일", date(2026, 12, 4)),
        ("내일", date(2026, 11, 27)),
        ("3月5号", date(2027, 3, 5)),
    ],
)
def test_days_with_a_name_are_dates(text: str, on: date) -> None:
    read = read_date(text, today=THURSDAY)
    assert read is not None
    assert read.on == on


@pytest.mark.parametrize("text", ["クリスマスツリーの飾り", "週三回使います"])
def test_no_days(text: str) -> None:
    assert read_date(text, today=THURSDAY) is None
