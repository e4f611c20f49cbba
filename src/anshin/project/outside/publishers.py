"""Publishers of product cautions as they stand outside for practice: three lists, and one that has moved away."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, Final

from anshin.safety.ports import Came, NotHad
from anshin.safety.terms import FeedTrouble

_RSS: Final = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>くらしの安全情報</title><link>https://kurashi-anzen.example/</link>
<item><guid isPermaLink="false">k-118</guid><title>「ガラスの花器 L」の破損による切り傷に注意</title>
<link>https://kurashi-anzen.example/2026/11/20/kabin2</link><pubDate>Fri, 20 Nov 2026 14:00:00 +0900</pubDate>
<description>水を入れて使用中に底が割れ、手を切るけがをしたという報告が2件あります。使用をやめてください。</description></item>
<item><guid isPermaLink="false">k-117</guid><title>電気毛布「ぬくもり」の発火について</title>
<link>https://kurashi-anzen.example/2026/11/18/moufu</link><pubDate>Wed, 18 Nov 2026 10:00:00 +0900</pubDate>
<description>型番 NK-330。コードの付け根から発火するおそれがあります。</description></item>
<item><guid isPermaLink="false">k-116</guid><title>年末の大掃除で増える踏み台からの転落にご注意ください</title>
<link>https://kurashi-anzen.example/2026/11/16/fumidai</link><pubDate>Mon, 16 Nov 2026 10:00:00 +0900</pubDate>
<description>踏み台や脚立からの転落が毎年12月に多く報告されています。</description></item>
</channel></rss>"""
_TABLE: Final = """管理番号,公表日,品名,型番,事故内容,事業者名
A2026-0412,2026/11/19 10:00,卓上加湿器,KZ-20,使用中に本体から発煙した。,株式会社みなもと
A2026-0411,2026/11/18 10:00,スマートフォン,不明,充電中に発熱した。,
A2026-0410,いつか,,,,
"""
_RECALLS: Final[list[dict[str, Any]]] = [
    {
        "RecallID": 10611,
        "RecallNumber": "27-061",
        "RecallDate": "2026-11-19T00:00:00",
        "Title": "Kokko Recalls Wooden Stacking Rings Due to Choking Hazard",
        "Description": "This recall involves wooden stacking rings with model number ST-9.",
        "URL": "https://cpsc.example/Recalls/2027/Kokko",
        "Products": [{"Name": "Wooden stacking rings", "Model": ""}],
        "Hazards": [{"Name": "The bell can come off, posing a choking hazard."}],
        "Remedies": [{"Name": "Stop using the toy and contact Kokko for a refund."}],
        "RemedyOptions": [{"Option": "Refund"}],
    }
]
_ANSWERS: Final[dict[str, bytes]] = {
    "https://kurashi-anzen.example/rss": _RSS.encode(),
    "https://jiko.example/list.csv": _TABLE.encode("cp932"),
    "https://cpsc.example/RestWebServices/Recall?format=json": json.dumps(_RECALLS).encode(),
    "https://recall.example/new.rss": b"<!DOCTYPE html><html><body>404 Not Found</body></html>",
}


class OutsidePublishers:
    """Asks nobody: what is not here cannot be reached."""

    def ask(self, url: str, *, etag: str, last_modified: str, now: datetime) -> Came:  # noqa: ARG002
        """See safety.ports.FeedServers."""
        answer = _ANSWERS.get(url)
        if answer is None:
            raise NotHad(FeedTrouble.UNREACHABLE, url.partition("://")[2].partition("/")[0][:120])
        mark = hashlib.sha256(answer).hexdigest()[:12]
        return Came(None if mark == etag else answer, url, mark)
