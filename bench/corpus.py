"""Made-up cases of a Japanese shop in realistic lengths, always the same for the same seed.

`python bench/corpus.py 100000 > cases.jsonl` writes JSON Lines for `anshin import-cases`; 100,000 cases have 307,785
messages.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

SEED = 20261122
MESSAGES_A_CASE = 3.07785
NEWEST = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
SPAN = timedelta(days=730)
STAFF = ("agent1@bench.example", "agent2@bench.example", "agent3@bench.example", "agent4@bench.example")
TAGS = ("返品", "交換", "配送", "在庫", "領収書", "初期不良", "要確認")
_FAMILY = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
    "木村",
    "林",
    "斎藤",
    "清水",
]
_GIVEN = [
    "由紀子",
    "達也",
    "千里",
    "みお",
    "涼",
    "あかり",
    "大地",
    "渚",
    "陽菜",
    "健一",
    "久美子",
    "翔太",
    "美咲",
    "拓海",
    "和子",
    "直樹",
    "真由美",
    "悠斗",
    "恵子",
    "誠",
]
_GOODS = [
    "帆布トートバッグ",
    "有田焼の湯呑み",
    "リネンのエプロン",
    "真鍮のペン皿",
    "木製カッティングボード",
    "今治タオル",
    "鉄瓶",
]
_SUBJECTS = (
    "{goods}の色が写真と違います",
    "注文{order}の配送状況について",
    "{goods}を交換したいのですが",
    "領収書の宛名変更をお願いします",
    "届いた{goods}が割れていました",
    "キャンセルの可否について(注文{order})",
    "届け先住所の変更のお願い",
    "{goods}の再入荷はいつ頃でしょうか",
    "ギフト包装の有無について",
    "コンビニ払いの期限が切れてしまいました",
)
_SENTENCES = (
    "先日そちらで{goods}を購入した者です。",
    "注文番号は{order}です。",
    "本日商品が届きましたが、写真で見た色と実物の色がかなり違うように感じました。",
    "画面では明るい生成りに見えたのですが、届いたものは濃い灰色でした。",
    "交換または返品をお願いできますでしょうか。送料の負担についても教えてください。",
    "箱の角がつぶれており、開けたところ中の器にひびが入っていました。写真を添付します。",
    "配送業者の追跡では三日前から動きがなく、心配しております。",
    "来週の金曜日に贈り物として使う予定ですので、それまでに届くと助かります。",
    "平日は仕事で受け取れないため、土曜日の午前中の配達を希望します。",
    "説明書を読みましたが、組み立て方の三番目の図がよく分かりませんでした。",
    "以前も同じ商品を購入し、とても気に入っていたので、今回のことは少し残念です。",
    "お忙しいところ恐れ入りますが、ご確認のほどよろしくお願いいたします。",
)
_ANSWERS = (
    "ご連絡ありがとうございます。担当の{agent}です。",
    "このたびはご不便をおかけし、申し訳ございません。",
    "ご注文{order}について、倉庫の記録を確認いたしました。",
    "交換品を本日発送いたします。お届けは明後日の午前中の予定です。",
    "お手元の商品は、同封の着払い伝票でお送りください。送料は当店が負担します。",
    "配送業者に問い合わせたところ、営業所で住所を確認中とのことでした。",
    "ご希望の日時で再配達を手配しました。お受け取りいただければ幸いです。",
    "返金はお支払い方法により、三日から十日ほどかかります。",
    "ほかにご不明な点がありましたら、このメールにそのままご返信ください。",
)


def cases(count: int, *, seed: int = SEED, first: int = 0) -> Iterator[dict[str, Any]]:
    """Cases number `first` to `first + count`, each as a line of the file holds it."""
    for number in range(first, first + count):
        yield _case(number, random.Random(seed * 1_000_003 + number), _message_count(number))


def mail(number: int, *, to: str, seed: int = SEED) -> bytes:
    """A customer's mail with its number in the subject: three of four from somebody whom `cases` know."""
    dice = random.Random(seed * 7_000_003 + number)
    writer = dice.randrange(0, 60_000)
    words = {"goods": dice.choice(_GOODS), "order": f"KM-{dice.randrange(10000, 99999)}", "agent": ""}
    letter = EmailMessage()
    known = f"kyaku{writer}@mail{writer % 7}.example"
    letter["From"] = known if dice.random() < 0.75 else f"new{number}@mail8.example"
    letter["To"] = to
    letter["Subject"] = f"{dice.choice(_SUBJECTS).format(**words)} 通し番号{number:05}"
    letter["Message-ID"] = f"<{number}.{seed}@mail8.example>"
    letter["Date"] = datetime.now(UTC)
    letter.set_content(_body(True, words, dice))
    return letter.as_bytes()


def _message_count(number: int) -> int:
    """1 to 6 messages, 3.07785 on average: exactly 307,785 in 100,000 cases."""
    pattern = (1, 2, 3, 4, 6, 2, 3, 5, 1, 3)  # 30 in ten cases
    extra = int((number + 1) * (MESSAGES_A_CASE - 3) + 1e-9) - int(number * (MESSAGES_A_CASE - 3) + 1e-9)
    return pattern[number % 10] + extra


def _case(number: int, dice: random.Random, messages: int) -> dict[str, Any]:
    words = {
        "goods": dice.choice(_GOODS),
        "order": f"KM-{dice.randrange(10000, 99999)}",
        "agent": dice.choice(_FAMILY),
    }
    is_open = dice.random() < 0.06
    at = NEWEST - (timedelta(days=20) if is_open else SPAN) * dice.random() - timedelta(days=9)
    said = []
    for place in range(messages):
        is_in = place % 2 == 0 or dice.random() < 0.2
        said.append({"at": at.isoformat(), "direction": "in" if is_in else "out", "body": _body(is_in, words, dice)})
        at += timedelta(minutes=dice.randrange(20, 60 * 36))
    writer = dice.randrange(0, 60_000)
    who = random.Random(writer)
    return {
        "external_id": f"old-{number}",
        "subject": dice.choice(_SUBJECTS).format(**words),
        "customer": {
            "name": f"{who.choice(_FAMILY)} {who.choice(_GIVEN)}",
            "email": f"kyaku{writer}@mail{writer % 7}.example",
        },
        "order_number": words["order"] if dice.random() < 0.6 else "",
        "status": "open" if is_open else "closed",
        "assignee": dice.choice(STAFF) if dice.random() < 0.8 else None,
        "tags": dice.sample(TAGS, dice.choice((0, 0, 0, 1, 1, 2))),
        "messages": said,
    }


def _body(is_in: bool, words: dict[str, str], dice: random.Random) -> str:
    pool = _SENTENCES if is_in else _ANSWERS
    chosen = dice.sample(range(len(pool)), dice.randrange(3, 8))
    lines = [pool[place].format(**words) for place in sorted(chosen)]
    opening = "お世話になっております。" if is_in else "お客様\n\nこもれび雑貨店でございます。"
    return "\n".join([opening, "", *lines, "", "どうぞよろしくお願いいたします。"])


if __name__ == "__main__":
    for line in cases(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000):
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
