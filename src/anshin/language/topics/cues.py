"""Ways to say the same, under one name: what lets a classifier understand a wording that it has not seen before.

Cues are features beside n-grams, never a decision: which topic they speak for, and how strongly, is learnt.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from anshin.language.topics.chinese_cues import CHINESE
from anshin.language.topics.denials import all_denials, denies
from anshin.language.topics.english_cues import ENGLISH
from anshin.language.topics.korean_cues import KOREAN
from anshin.language.topics.patterns import AnyOf, any_of
from anshin.language.topics.urgency_cues import KINDS

_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_KANA: Final = re.compile("[\u3041-\u30ff]")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
CUES: Final[Mapping[str, AnyOf]] = MappingProxyType(
    {
        "rules": any_of(r"""
(?:返品|返金|交換|キャンセル|送料|返却).{0,10}(?:ポリシー|規定|規約|条件|ルール|決まり|可否|期限|特約|保証)
買う前 購入前 もし.{0,10}たら 検討(?:中|して) return_policy refund_policy terms
"""),
        "not_here": any_of(r"""
(?:届|着|来|手元に|受け取).{0,8}(?:ない|ませ|ず|無) 届いてな 未着 音沙汰 影も形も 行方不明 紛失 どこにあ どこ行
"""),
        "delivered_not_here": any_of(r"""
(?:配達|投函|お届け|配送|受取|受け取り)(?:済|完了|ずみ)
"""),
        "when_sent": any_of(r"""
(?:発送|出荷|出る|送).{0,10}(?:いつ|何日|頃|予定|目安) いつ.{0,8}(?:発送|出荷|届|着|来)
"""),
        "order_passed": any_of(r"""
(?:注文|発注|申し?込み).{0,14}(?:通っ|できて|出来て|受け付|受付|完了|成立|確認|確定|入って) 控え 確認メール
"""),
        "change_to": any_of(r"""
(?:に|へ)(?:変更|変え|替え|直し|切り替え|修正) (?:変更|訂正|追加|修正)(?:を|して|でき|は|希望|願|可)
"""),
        "undo": any_of(r"""
キャンセル 取り?消 取りやめ やっぱり?(?:いら|要ら|やめ) なかったことに 中止 ナシで 無しで
"""),
        "not_ordered": any_of(r"""
(?:注文|購入|買った|頼んだ|申し?込んだ|利用した)?.{0,6}(?:覚え|心当たり|記憶|事実).{0,5}(?:な|無|ありま|ござい)
(?:頼|買|注文)(?:んで|って|して)(?:い)?(?:な|ませ)
"""),
        "bill": any_of(r"""
請求 払込 振込用紙 後払い 代引 督促 催促 支払い案内 お支払いの
"""),
        "crushed": any_of(r"""
箱.{0,10}(?:潰|つぶ|凹|へこ|破|穴|濡|ぐちゃ) (?:外装|段ボール|梱包|緩衝) 割れて 粉々 濡れ 水濡 運送 配送中 輸送
"""),
        "other_than_ordered": any_of(r"""
(?:違う|ちがう|別の|異なる|間違).{0,10}(?:商品|もの|物|品|色|サイズ|型)
(?:頼んだ|注文した|買った)(?:の|もの|物|品|色|サイズ)?(?:は|と|のに|では) 足り(?:な|ませ) 不足 入ってな
入っていませ 入っておりませ 欠品 誤納 誤配
"""),
        "broken": any_of(r"""
壊れ 動かな 動きませ つかな 点かな 付きませ 故障 不良 効かな 映らな 反応し うんともすん 充電でき ほつれ ほどけ
破れ シミ 汚れ キズ 傷 錆 水漏れ 外れ 欠け ひび 異音 異臭 カビ
"""),
        "picture": any_of(r"""
写真 画像 画面 サイト ページ 説明 記載 掲載 表示 イメージ 思ってた 思っていた うたって 書いてあ
"""),
        "differs": any_of(r"""
違い 違う 違っ ちが 異な 別物 相違 全然 まるで
"""),
        "return": any_of(r"""
返品 返送 返したい 送り返 返却 引き取 返せ
"""),
        "exchange": any_of(r"""
交換 取り?替え 替えて 換えて とりかえ
"""),
        "money_waited": any_of(r"""
(?:返金|お金|入金|振込|払い戻し|返って).{0,14}(?:まだ|いつ|来な|来ませ|されて|ない|ません|遅|予定|進|状況|どうな)
(?:まだ|いつ).{0,10}(?:返金|入金|お金)
"""),
        "money_back": any_of(r"""
返金 払い?戻 お金.{0,5}(?:戻|返) 入金されて 振り込まれ 返して
"""),
        "pay_fails": any_of(r"""
(?:決済|支払|カード|クレカ|paypay|コード|コンビニ).{0,14}(?:エラー|でき|通ら|使え|弾|はじ|失敗|拒否|不可)
"""),
        "twice": any_of(r"""
二重 2重 0重 2回 0回 二回 重複 ダブ
"""),
        "will_pay": any_of(r"""
(?:払|振り?込|入金|支払).{0,10}(?:ます|予定|つもり|しました|済|いたし|待|忘れ|遅れ) 払いました ご猶予
お待ち(?:いただ|くだ)
"""),
        "receipt": any_of(r"""
領収 請求書 納品書 見積 インボイス 宛名 但し書 適格 登録番号 収入印紙 明細書
"""),
        "password": any_of(r"""
パスワード パス(?:が|を|忘) 暗証 再設定 ログイン(?:方法|の仕方) 二段階 認証(?:コード|番号)
"""),
        "locked": any_of(r"""
ロック 凍結 利用停止 停止され ログインでき ログイン出来 入れな 入れませ ご利用いただけません
"""),
        "fake": any_of(r"""
偽 詐欺 フィッシング 怪し あやし 不審 本物 なりすまし 装っ 名乗 騙 迷惑メール sms ショートメール
"""),
        "can_it": any_of(r"""
(?:使え|対応|入り|合い|洗え|でき|可能|大丈夫|問題|適し|食べられ).{0,4}(?:ます|です|でしょう)か どのくらい 何cm
サイズ感 素材 材質 成分 原材料 使い方 お手入れ 賞味期限 アレル
"""),
        "stock": any_of(r"""
在庫 再入荷 再販 入荷 売り?切れ 品切 予約 取り?置き 残り 販売(?:再開|予定|終了) 廃番 sold
"""),
        "regular": any_of(r"""
定期 サブスク 毎月 頒布会 次回 お届け(?:周期|間隔) コース
"""),
        "stop": any_of(r"""
解約 退会 やめ(?:たい|ます|る) 止めて 停止 終了したい ストップ 辞め
"""),
        "skip": any_of(r"""
スキップ 休み 飛ば 延期 間隔 周期 [0か]月に ごと
"""),
        "person": any_of(r"""
個人情報 開示 削除 消去 漏 プライバシー 教えないで 本人 家族 第三者 捜査 警察 弁護士 利用目的 名簿
"""),
        "campaign": any_of(r"""
クーポン ポイント キャンペーン 抽選 当選 応募 インスタ instagram twitter リポスト フォロー ハッシュタグ メルマガ
割引コード line(?:の|で|友) tiktok 投稿
"""),
        "abroad": any_of(r"""
海外 国際 関税 ems 税関 通関 在住 輸出 外国 転送 インボイス 航空便
"""),
        "how_delivered": any_of(r"""
(?:日時|時間|日に?ち|着日|日)(?:の)?指定 置き配 宅配ボックス コンビニ受 営業所 送料 配送(?:業者|方法|会社)
再配達 不在 午前 夜 同梱 まとめて ヤマト 佐川 ゆうパック クロネコ 速達 メール便
"""),
        "sales": any_of(r"""
御社 弊社 貴社.{0,30}(?:ご提案|サービス|掲載|取材|提携) ご提案 取材 求人 バイト 採用 営業 提携 卸 掲載 コラボ
"""),
        "thanks": any_of(r"""
ありがと 感謝 嬉し うれし 喜ん 最高 助かりました 素敵
"""),
        "address": any_of(r"""
住所 届け先 届先 宛先 番地 送り先 引っ?越 受取人
"""),
        "kind_of_it": any_of(r"""
サイズ 色 カラー 型番 品番 容量 柄
"""),
        "account": any_of(r"""
アカウント 会員 マイページ ログイン 登録情報
"""),
        "part": any_of(r"""
ネジ ねじ 付属 説明書 部品 充電器 リモコン
"""),
        "news": any_of(r"""
メルマガ お知らせメール 配信 カタログ
"""),
        "charge": any_of(r"""
手数料 金額 引き?落と 請求額 値段 円多
"""),
        "means": any_of(r"""
カード 振り?込 代引 コンビニ払い 後払い 分割
"""),
        "hand_over": any_of(r"""
不在 隣 管理人 置き配
"""),
        "family": any_of(r"""
家族 主人 妻 夫 母 父 息子 娘 子ども 子供 孫
"""),
        "food": any_of(r"""
賞味 食べ 飲[みんま] 味
"""),
        "trade": any_of(r"""
弊社 当社 経理 部署 会社名
"""),
        "asks_how": any_of(r"""
どうすれば どのように どうやって 方法 手順 やり方
"""),
        "asks_when": any_of(r"""
いつ 何日 何時 どのくらい待
"""),
        "asks_leave": any_of(r"""
できますか できません?か 可能でしょうか いいですか いただけますか
"""),
        "has_it": any_of(r"""
届いた 届きました 開けたら 開封したら 中身
"""),
        "asks": any_of(r"""
(?:です|ます|でしょう|ません)か$ [?？]$ 教えて 知りたい うかがい 伺い ご教示
"""),
    }
)


def cues_in(subject: str, sentences: tuple[str, ...]) -> Iterator[str]:
    """The name of every cue and danger in the message; of dangers also whether their sentence denies them."""
    whole = "\n".join((subject, *sentences))
    for cues in _spoken(whole):
        for name, pattern in cues.items():
            if pattern.search(whole):
                yield f"c:{name}"
    for kind, pattern in KINDS.items():
        if pattern.search(whole):
            for sentence in (subject, *sentences):
                if pattern.search(sentence):
                    yield f"c:{kind}?" if denies(kind, sentence) else f"c:{kind}!"


def all_patterns() -> Iterator[str]:
    """Every cue and danger with its pattern: what the features depend on."""
    for cues in (CUES, ENGLISH, CHINESE, KOREAN, KINDS):
        for name, pattern in cues.items():
            yield from (name, pattern.pattern)
    yield from all_denials()


def _spoken(whole: str) -> tuple[Mapping[str, AnyOf], ...]:
    """The cues of the languages that the writing may be of."""
    if _HANGUL.search(whole):
        return (KOREAN,)
    if _KANA.search(whole):
        return (CUES,)
    return (CUES, CHINESE) if _HAN.search(whole) else (ENGLISH,)
