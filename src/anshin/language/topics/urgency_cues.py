"""How people write of danger, of a taken-over account and of lawyers: patterns over folded text, by kind of urgency.

A pattern alone decides nothing where its sentence only asks about a product, excludes the danger or quotes another.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from anshin.language.topics.patterns import any_of

KINDS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "injury": any_of(r"""
け[がガ]を?(?:し|させ|負) ケガを?(?:し|させ|負) けが(?:人|です|で) 怪我(?!は?(?:なく|な[しい]|あり|無)) 負傷
やけど(?!防止) ヤケド 火傷 熱傷 水ぶくれ 水疱 出血 血が(?:出|止|た|に) 流血 救急 病院(?:に|へ|で|です|通) 通院
医者 医師 皮膚科 眼科 診断書 骨折 捻挫 打撲 ひびが?入.{0,8}骨 骨に?ひび (?:何|[0-9一二三四五六七八九十])針
(?:指|手|足|口|顔|唇|腕|すね|舌)(?:の中)?(?:を|まで)?(?:ざっくり|深く|少し)?(?:切[っり]|切れ|裂|挟|はさ) 裂傷
感電 ビリッと かぶれ 発疹 湿疹 じんましん 蕁麻疹 炎症 腫れ はれあが 真っ赤に ただれ 吐いて 吐き 嘔吐 下痢 食中毒
腹痛 お腹を(?:壊|こわ) 気分が悪く 具合が悪く 体調(?:を崩|が悪|不良) 息が?(?:苦し|し[にづ]ら?く) 呼吸
意識(?:を|が) 倒れ(?:て|まし)?.{0,6}搬送 搬送 誤飲 飲み込 喉に(?:詰|つ) のどに(?:詰|つ)
アレルギー(?:反応|が出|症状) アナフィラキシー 頭痛 頭が(?:痛|くら) めまい しびれ 労災 歯が(?:欠|折|割)れ 転落
転倒して injur \bburn(?:ed|t|s)\b blister bleed blood hospital \be\.?r\b emergency_room doctor rash hives
swollen swelling allergic_reaction stitches vomit threw_up food_poisoning electric_shock electrocut
chok(?:ed|ing) cut_(?:my|his|her|their|me) fracture urgent_care 受伤 受傷 烫伤 燙傷 烧伤 燒傷 割伤 割傷 划伤
割破 医院 醫院 急诊 急診 过敏 過敏 红肿 紅腫 起疹 呕吐 拉肚子 腹泻 腹瀉 触电 觸電 缝了 縫了 皮肤科 起水泡 头晕
頭暈 다쳤 다쳐 다치 부상 화상 데였 피가 출혈 병원 응급실 알레르기 두드러기 발진 부어 부었 구토 설사 식중독 감전
골절 베였 베었 꿰맸 피부과 물집
"""),
        "fire": any_of(r"""
煙 けむり 発煙 火花 スパーク 発火 引火 出火 燃え(?!(?:ない|にく)) (?<!顔から)火が(?:出|つ|上) 火を(?:噴|吹) 炎が
ボヤ 火事 火災 焦げ(?!茶|つき(?:にく|ません|防)) こげ(?:臭|くさ|た) 爆発 破裂 溶け(?:て|た|出|落) とけて
(?:バッテリー|電池|本体|充電器|アダプタ).{0,12}(?:膨ら|膨張|ふくら) 触れないほど 異常(?:に|な|発)熱 消防
smok(?:e|ing) spark caught_fire on_fire flames? burning_smell smell(?:s|ed)?_(?:of_|like_)?burn melted melting
exploded explosion scorch overheat 冒烟 冒煙 着火 著火 起火 烧焦 燒焦 烧黑 燒黑 爆炸 焦味 焦臭 糊味 融化 自燃
연기 불이_?(?:났|붙|나) 화재 불꽃 스파크 타는_?냄새 탄_?냄새 폭발 녹았 녹아 그을
"""),
        "gas": any_of(r"""
ガス(?:が|の)?.{0,3}(?:漏|もれ|臭|匂|にお) ガス(?:くさ|くせ) ガス検知 ガス警報 ガス漏 一酸化炭素
シュー(?:っ|ッ)?と.{0,8}(?:音|ガス) 元栓.{0,6}(?:閉|しめ) gas_(?:leak|smell) leaking_gas
smell(?:s|ed)?_(?:of_|like_)?gas carbon_monoxide 煤气.{0,3}[漏味] 燃气.{0,3}[漏味] 瓦斯.{0,3}[漏味外] 漏气 漏氣
一氧化碳 가스.{0,4}(?:누출|냄새|새) 일산화탄소
"""),
        "takeover": any_of(r"""
乗っ取 のっと(?:ら|り) 不正(?:ログイン|アクセス|利用|使用|購入|に(?:使|利用|ログイン)) ハッキング ハックされ
(?:アカウント|会員).{0,12}なりすま
(?:アカウント|id|ログイン|会員|登録|マイページ|購入履歴|注文履歴).{0,40}(?:勝手に|知らない|見知らぬ|見覚えのない|身に覚えの?(?:ない|無い|なき)|覚えのない|操作にあらず)
(?:勝手に|知らない|見知らぬ|見覚えのない|身に覚えの?(?:ない|無い|なき)).{0,30}(?:アカウント|ログイン|登録(?:住所|メール|情報)|マイページ|購入履歴)
(?:カード|暗証|パスワード|番号|id/pw|口座|個人情報).{0,25}(?:入力|入れて|打ち込|書い|書き込|教え|送っ)て?(?:し|しまい|まい|ま)
(?:入力|入れて|打ち込んで|送って|書いて)しま(?:っ|い) (?:番号|カード|パス).{0,10}(?:入れ|書い|教え)ちゃ
(?:カード|暗証|パスワード|口座)の?(?:番号)?を(?:書きました|教えました|入れました)
(?:id|pw|パスワード)を?入力(?:。|し)
(?:メールアドレス|アドレス|住所|パスワード|登録).{0,10}(?:変更され|変えられ|書[きき]?換えられ|変わって)
(?:購入|注文)履歴に.{0,12}(?:買って(?:い)?な|注文して(?:い)?な|頼んで(?:い)?な)
(?:海外|ロシア|中国|ベトナム|別の端末|新しい端末|知らない端末).{0,15}(?:ログイン|アクセス)
(?:ログイン|アクセス).{0,15}(?:海外|ロシア|ベトナム) hack(?:ed|er)
someone_(?:else_)?(?:has_|is_|got_|logged|changed|used|took) unauthori[sz]ed taken_over compromised
didn'?t_log_?in log-?in_(?:from|alert) entered_my_(?:card|password|details) gave_(?:them_)?my_(?:card|password)
typed_(?:in_)?my 被盗 被盜 盗用 盜用 盗刷 盜刷 黑客 駭客 异地登录 異地登入 被人登 不是我(?:登|操作|本人)
输入了.{0,8}(?:卡|密码) 輸入了.{0,8}(?:卡|密碼) 填了.{0,8}(?:卡|密) 해킹 도용 무단 제가_(?:로그인|주문)하지_않
모르는_(?:사람|주소|기기|곳).{0,14}(?:로그인|주문|변경|바) 입력해_?버 입력했
"""),
        "legal": any_of(r"""
弁護士(?!ドット|向け|保険) 代理人 当職 受任 法律事務所 司法書士 内容証明 訴訟 提訴 訴え(?:る|ま|を|させ) 裁判
法的(?:措置|手段|手続) 調停 差押 仮処分 破産 消費者庁 消費生活センター 国民生活センター 消費者センター
経済産業省 経産省 厚生労働省 総務省 公正取引委員会 個人情報保護委員会 国税 税務署 税務調査 労働基準監督 労基署?
保健所 捜査 警察署 県警 警視庁 府警 道警 刑事訴訟法 照会書 弁護士会照会 立入 行政指導 裁判所 特許権 商標権
著作権侵害 警告書 通知書 lawyer attorney solicitor legal_action \bsue\b lawsuit court law_firm subpoena
cease_and_desist police_(?:officer|station|department|report|investigation)
consumer_(?:affairs|protection)_(?:agency|authority|bureau) regulator 律师 律師 起诉 起訴 法院 诉讼 法律途径
法律途徑 消费者协会 消協 消保官 消费者保护 消費者保護 警察局 公安 派出所 存证信函 存證信函 변호사 소송 고소
법적_?(?:조치|대응) 법원 내용증명 소비자(?:원|보호원|상담) 경찰
"""),
    }
)
EXCLUDED: Final = any_of(r"""
防止 防炎 防火 防ぐ しにく 防(?:げ|災) 耐火 ない(?:よう|造り|構造|設計|素材|塗料|か(?:心配|不安))
ません?か[?。]?$
(?:けが|怪我|ケガ)(?:人)?(?:は|も)?(?:な[いくしか]|ありま|無|し(?:て(?:い)?(?:ない|ませ)|ませ|ていません))
(?:保険|規定|の免許)で 保険$ 用(?:品|の)?(?:はさみ|包丁) 場合は?(?:どう|返|保証)
(?:したら|すれば|もし).{0,12}(?:どう|補償|保証) 恐れは おそれは 可能性は(?:あり|ない) ことは(?:あり|ない) 向けの
に使えますか を探して 購入前 買う前 検討(?:中|して)
""")
"""A sentence with one of these speaks of a danger that has not happened."""
EVENT: Final = any_of(r"""
誕生日 誕生祝 バースデー 贈り物 贈りたい 贈る ギフト プレゼント お祝い 祝い 結婚式 結婚記念 記念日 披露宴 法事
法要 四十九日 葬儀 告別式 お通夜 通夜 お供え 供養 命日 初盆 新盆 入学 卒業 卒園 入園 成人式 七五三 発表会 運動会
遠足 修学旅行 旅行(?:で|に持|用) 送別 歓迎会 退職 還暦 古希 喜寿 米寿 内祝 手土産 帰省 出産祝 百日 お食い初め
初節句 パーティ 式典 イベント 展示会 大会 試合 文化祭 面接 開店 開業 オープン 本番 撮影 クリスマス 母の日 父の日
敬老の日 バレンタイン ホワイトデー お歳暮 お中元 正月 ひな祭り こどもの日 子供の日 ハロウィン サンタ 枕元 お彼岸
お盆 birthday wedding anniversary christmas xmas gift present party mother'?s_day father'?s_day valentine
funeral ceremony graduation event trip 生日 婚礼 婚禮 结婚 結婚 礼物 禮物 送礼 送禮 纪念日 紀念日 圣诞 聖誕
母亲节 母親節 父亲节 父親節 情人节 情人節 派对 派對 葬礼 葬禮 毕业 畢業 满月 滿月 생일 결혼식 선물 기념일
크리스마스 돌잔치 집들이 제사 졸업 입학 행사 파티 어버이날 장례
""")
"""What a thing may be wanted for on one day."""
HURRY: Final = any_of(r"""
間に合 まにあ までに 迄に までには 必着 必ず 至急 急ぎ 急い なんとか 何とか 大至急 早急 来てい?(?:ない|ませ)
来な 来ませ 届(?:か|いて(?:い)?(?:な|ま)|きま) どうしても 遅れ 違 変え 変更 割れ 壊 欠け 足り in_time
by_(?:then|tomorrow|friday|monday|the) before asap urgent hurry not_(?:here|arrived) hasn'?t haven'?t need
来得及 來得及 赶得上 趕得上 之前 前能 还没 還沒 没到 沒到 没收 沒收 尽快 盡快 急 제때 까지 전에 안_?왔 못_?받 급
빨리 아직
""")
"""That it must be there in time."""
PROMISE: Final = any_of(r"""
約束 はず 筈 予定 とのこと 言われ と(?:の)?ご?(?:回答|返答|返事|連絡|案内|説明)
(?:と|って)(?:言|おっしゃ|仰|伺|うかが|聞い|きい|承|書い|あり|お電話) 指定(?:し|日) 必ず.{0,12}(?:と|って) 期日
期限 必着 着(?:指定|予定) お届け日 連絡(?:を)?(?:くれる|いただける|します) promised supposed_to
said_(?:it|you|they) told_me was_to_(?:be|arrive) scheduled due_today guaranteed 说好 說好 承诺 承諾 答应 答應
应该 應該 预计 預計 약속 예정 한다고 된다고 온다고 하기로
""")
"""That a day was named."""
NOT_KEPT: Final = any_of(r"""
(?:来|届い|届き|着い|連絡が?|電話が?|入金|振込|反応|返事|音沙汰|到着|発送|受け取|お返事).{0,14}(?:ない|ませ|なし|無い|無し|ず)
まだ 未だ いまだ 未[着入到納] 来ず 来な 何も 待って 過ぎ どうなって 大丈夫で 守ら still not_(?:yet|here|arrived)
hasn'?t haven'?t nothing waiting no_(?:call|news|word) still_nothing where 还没 還沒 没有 沒有 没到 沒到 等 아직
안_?(?:왔|와|오) 없 못
""")
"""That nothing has come of it so far."""
OVER: Final = any_of(r"""
済みました 終わりました 終わった 過ぎました 間に合いませんでした 間に合わず 来年の 急ぎません 急がな
いつでも(?:よ|い|結) 急ぎでは 先なんですが まだ先 no_(?:hurry|rush) not_urgent 不急 不着急 不著急 급하지
""")
"""The event is past or far off, or there is no hurry."""
BOUGHT: Final = any_of(r"""
(?:注文|購入|発注|お願い|申し込み?|予約)(?:を)?(?:いた|致)?し(?:た|て|まし) 買(?:った|いまし|わせて)
頼(?:んだ|みまし) 届き(?:まし|、) 届いた ordered bought arrived_on
""")
"""The weekday in such a sentence lies in the past."""
TODAY_IS: Final = any_of(r"""
今日[はがで]?(?:もう|は)?(?:[0-9]{1,2}月の?)?[0-9]{1,2}日 もう今日 今日で(?:もう)? 今日になっても 今日も(?!ら)
今日まで(?:待|何) 今日(?:から)?[0-9一二三四五]+日
""")
"""Says which day it is, or until when somebody has waited; not what was promised for today."""
