"""Words that learners of Japanese and children write in kana or Roman letters, as kanji; for the classifier.

What was learnt of 荷物が届かない shall be known of にもつ が とどかない and nimotsu ga todokanai. No reader sees it.
"""

import re
from typing import Final

# A table of our own. What stands here may begin a longer word: とどか is 届か of 届かない and 届かなかった.
STEMS: Final = """
ちゅうもん:注文 へんぴん:返品 こうかん:交換 へんきん:返金 はいたつ:配達 はいそう:配送 そうりょう:送料 ついせき:追跡
はっそう:発送 とどけ:届け
とどい:届い とどか:届か とどき:届き とどく:届く にもつ:荷物 しはらい:支払い はらい:払い はらう:払う はらっ:払っ
はらえ:払え ぎんこう:銀行
かいしゃ:会社 りょうしゅうしょ:領収書 りょうしゅしょ:領収書 せいきゅうしょ:請求書 せいきゅう:請求 ひかれ:引かれ
もどし:戻し もどり:戻り もどっ:戻っ
もどら:戻ら もどる:戻る もどす:戻す かえし:返し かえす:返す かえせ:返せ とりかえ:取り替え こわれ:壊れ うごか:動か
うごき:動き うごく:動く
われた:割れた われて:割れて われま:割れま つぶれ:潰れ ぬれ:濡れ やぶれ:破れ ちがう:違う ちがい:違い ちがっ:違っ
まちが:間違 たりな:足りな
たりま:足りま しゃしん:写真 せつめい:説明 おおき:大き ちいさ:小さ あたらし:新し じゅうしょ:住所 なまえ:名前
でんわ:電話 ばんごう:番号
ひっこし:引越し おくり:送り おくる:送る おくっ:送っ おくら:送ら けむり:煙 こげ:焦げ いたい:痛い びょういん:病院
あかい:赤い あかく:赤く
たべ:食べ のみ:飲み のん:飲ん のむ:飲む つかえ:使え つかい:使い つかう:使う つかっ:使っ つかわ:使わ あらえ:洗え
あらう:洗う あらっ:洗っ
ざいこ:在庫 うりきれ:売り切れ にゅうか:入荷 よやく:予約 ていき:定期 まいつき:毎月 まいしゅう:毎週 らいげつ:来月
こんげつ:今月 せんげつ:先月
らいしゅう:来週 せんしゅう:先週 きょう:今日 あした:明日 きのう:昨日 げつまつ:月末 きゅうりょう:給料 かいやく:解約
たいかい:退会 けして:消して
けす:消す こじんじょうほう:個人情報 おしえ:教え わすれ:忘れ はいれ:入れ はいっ:入っ いれて:入れて いれた:入れた
いれま:入れま かいたい:買いたい
かいま:買いま かった:買った かう:買う かいて:書いて なんにち:何日 しらな:知らな しらべ:調べ ともだち:友達
かぞく:家族 こども:子供
あかちゃん:赤ちゃん おみせ:お店 ほんもの:本物 にせ:偽 あやし:怪し こわい:怖い かいもの:買い物 わたし:私
たんじょうび:誕生日 まにあ:間に合
やくそく:約束 たのん:頼ん たのみ:頼み でない:出ない でた:出た でました:出ました ふるい:古い たかい:高い
ゆうびん:郵便 うけとり:受け取り
うけとっ:受け取っ うけとれ:受け取れ じかん:時間 ごぜん:午前 がいこく:外国 かいがい:海外 ぜいきん:税金 しょるい:書類
ほしょう:保証 しゅうり:修理
ぶたにく:豚肉 せいぶん:成分 せんたく:洗濯 おねがい:お願い がっこう:学校 こない:来ない きません:来ません
きました:来ました いらない:要らない
いりません:要りません とめて:止めて てがみ:手紙 でんち:電池 あけ:開け しめ:閉め となり:隣 げんかん:玄関
うけつけ:受付
かくにん:確認 れんらく:連絡 へんじ:返事 しんぱい:心配 やすみ:休み おかね:お金
chuumon:注文 chumon:注文 henpin:返品 koukan:交換 henkin:返金 haitatsu:配達 hassou:発送 nimotsu:荷物 todok:届
okane:お金 harai:払い haratt:払っ
ginkou:銀行 ryoushuusho:領収書 ryoshusho:領収書 seikyuu:請求 juusho:住所 jusho:住所 namae:名前 denwa:電話
bangou:番号 bango:番号 koware:壊れ
ugoka:動か ugoki:動き chiga:違 machiga:間違 shashin:写真 atarashi:新し ookii:大きい chiisa:小さ okuri:送り
okutt:送っ zaiko:在庫 yoyaku:予約
teiki:定期 maitsuki:毎月 kaiyaku:解約 taikai:退会 wasure:忘れ kaimashi:買いまし oshie:教え konai:来ない
kimasen:来ません kyanseru:キャンセル
saizu:サイズ pasuwado:パスワード byouin:病院 tsukae:使え kaisha:会社 kuupon:クーポン irimasen:要りません
"""
# What stands here is a word of its own: behind it comes another script, a gap or a particle.
WORDS: Final = """
はこ:箱 いろ:色 くに:国 だれ:誰 みせ:店 おと:音 みず:水 ふく:服 くつ:靴 なか:中 よる:夜 あさ:朝 いえ:家 ひと:人
かみ:紙 ふくろ:袋
にちようび:日曜日 げつようび:月曜日 かようび:火曜日 すいようび:水曜日 もくようび:木曜日 きんようび:金曜日
どようび:土曜日
"""
MOST_KANJI: Final = 0.12
"""Share of kanji above which a text is written as most are, and the kana in it are left."""
_KANJI: Final = re.compile("[一-鿿]")
_KANA_OR_ROMAN: Final = re.compile("[ぁ-ゖ]{2}|masu|desu|shi(?:ta|mas)|kuda|onega|masen")
_GAP: Final = re.compile("(?<=[ぁ-ヿ一-鿿、]) (?=[ぁ-ヿ一-鿿])")


def _table(written: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in written.split())


def _pattern() -> re.Pattern[str]:
    """Stems, the longest first, and whole words; neither begins inside a word."""
    stems = "|".join(sorted(_table(STEMS), key=len, reverse=True))
    words = "|".join(_table(WORDS))
    return re.compile(f"(?<![ぁ-ゖa-z])(?:{stems}|(?:{words})(?:(?![ぁ-ゖ])|(?=[はがをにでのもへとや])))")


_KANJI_FOR: Final = _table(STEMS) | _table(WORDS)
_KNOWN: Final = _pattern()


def in_kanji(folded: str) -> str:
    """The folded text with words known from letters in kanji and no gaps between words, where it has few kanji."""
    if len(_KANJI.findall(folded)) > MOST_KANJI * len(folded) or not _KANA_OR_ROMAN.search(folded):
        return folded
    return _GAP.sub("", _KNOWN.sub(lambda found: _KANJI_FOR[found[0]], folded))
