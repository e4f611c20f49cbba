"""How people write of danger, of a taken-over account and of lawyers: patterns over folded text, by kind of urgency.

A pattern alone decides nothing: `denials` knows sentences that only ask, rule out the danger or quote another.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from anshin.language.topics.patterns import AnyOf, any_of

KINDS: Final[Mapping[str, AnyOf]] = MappingProxyType(
    {
        "injury": any_of(r"""
(?:hardly|can'?t|couldn'?t|trouble)_breath ambulance ligament crutches poison dermatologist \bscald
broken_(?:wrist|arm|leg|toe|finger|ankle|nose|rib|tooth) boiling_(?:water|soup|oil) \bmolar\b chipped_(?:a_)?tooth
throw(?:ing)?_up been_sick being_sick feel_ill stomach_cramps skin_off swallowed splinter deep_cut sliced_my graft
bloodshot tingling nasty_shock whole_(?:face|hand)_(?:is|was) gone_floppy \bvet\b け[がガ]を?(?:し|させ|負)
ケガを?(?:し|させ|負) けが(?:人|です|で) 怪我(?!は?(?:なく|な[しい]|あり|無)) 負傷
やけど(?:[をしがに]|の(?!う)|です|で[病水皮医]|。|!) ヤケド 火傷 熱傷 水ぶくれ 水疱 出血 血が(?:出|止|た|に) 流血
救急 病院(?:に|へ|で|です|通) 通院 医者 医師 皮膚科 眼科 診断書 骨折 捻挫 打撲 ひびが?入.{0,8}骨 骨に?ひび
(?:何|[0-9一二三四五六七八九十])針
(?:指|手|足|口|顔|唇|腕|すね|舌)(?:の中)?(?:を|まで)?(?:ざっくり|深く|少し)?(?:切[っり]|切れ|裂|挟|はさ) 裂傷 感電
ビリッと かぶれ 発疹 湿疹 じんましん 蕁麻疹 炎症 腫れ はれあが 真っ赤に ただれ 吐いて 吐き 嘔吐 下痢 食中毒 腹痛
お腹を(?:壊|こわ) 気分が悪く 具合が悪く 体調(?:を崩|が悪|不良) 息が?(?:苦し|し[にづ]ら?く) 呼吸 意識(?:を|が)
倒れ(?:て|まし)?.{0,6}搬送 搬送 誤飲 飲み込 喉に(?:詰|つ) のどに(?:詰|つ) アレルギー(?:反応|が出|症状)
アナフィラキシー 頭痛 頭が(?:痛|くら) めまい しびれ 労災 歯が(?:欠|折|割)れ 転落 転倒して injur \bburn(?:ed|t|s)\b
blister bleed blood hospital \be\.?r\b emergency_room doctor rash hives swollen swelling allergic_reaction stitches
vomit threw_up food_poisoning electric_shock electrocut chok(?:ed|ing) cut_(?:my|his|her|their|me) fracture
urgent_care 受伤 受傷 烫伤 燙傷 烧伤 燒傷 割伤 割傷 划伤 割破 医院 醫院 急诊 急診 过敏 過敏 红肿 紅腫 起疹 呕吐
拉肚子 腹泻 腹瀉 触电 觸電 缝了 縫了 皮肤科 起水泡 头晕 頭暈 다쳤 다쳐 다치 부상 화상 데였 피가 출혈 병원 응급실
알레르기 두드러기 발진 부어 부었 구토 설사 식중독 감전 골절 베였 베었 꿰맸 피부과 물집 入院 骨が?折れ 腰を打 頭を打
腹(?:を|が)?(?:下|くだ|壊) ゲリ 目が(?:開か|腫|痛|赤) 肝(?:機能|臓) 主治医 診断 肌が(?:荒れ|赤) かゆ(?:く|み|い) 痒
ヒリヒリ ひりひり 赤く(?:なり|腫) 皮がむけ ぶつぶつ 気持ち悪く 具合悪 落ちて.{0,8}(?:打|折|けが) 転んで 転びました
挟んで 挟まれて 刺さ 縫い?ました 血まみれ 指先 爪が(?:割|剥|はが) [脸臉]?[肿腫] 上吐下[泻瀉]
肚[子]?.{0,3}(?:痛|疼|[泻瀉]|嘔) [烫燙] 水泡 疼得 角膜 [睁睜]不[开開] [医醫]生 [骨][头頭]?.{0,2}[裂断斷折]
跌[断斷親倒] 急症 擦[伤傷] 扭[到伤傷] 摔[倒伤傷车車] [夹夾]到手 起了?疹 送[医醫] 붓고 붉어 빨개 아파요 아픕니다 의사
넘어져 찢어 토했 배탈 데어 삐었 hurt sick itch(?:y|ing)? stung cut_(?:my|his|her|open) fell_(?:off|down)
破傷風 激痛 整形外科 内出血 抜糸 ギプスが 奥歯が(?:半|欠|折|割) 小児科で(?:薬|診) 尻もち
broke_(?:my|his|her)
hit_(?:my|his|her)_head concussion passed_out faint(?:ed|ing)_ knocked_out
(?:can'?t|cannot|couldn'?t)_(?:stand_up|walk\b)
立て(?:ず|なく|ません).{0,12}(?:腰|足|痛) (?:腰|足|膝).{0,12}立て(?:ず|なく|ません) 動けなく 気を失 失神 ぐったり 吐血
じゅくじゅく
ずきずき ズキズキ 水膨れ 爪が(?:は|剥)が 吐きまし 目がかす [晕暈]倒 昏迷 抽搐 碎片扎 기절 쓰러 못_?일어나 퉁퉁_?부
잇몸 살이_?벗
"""),
        "fire": any_of(r"""
煙 けむり 発煙 火花 スパーク 発火 引火 出火 燃え(?!(?:ない|にく)) (?<!顔から)火が(?:出|つ|上) 火を(?:噴|吹) 炎が
ボヤ 火事 火災 焦げ(?!茶|つき(?:にく|ません|防)) こげ(?:臭|くさ|た) 爆発 破裂 溶け(?:て|た|出|落) とけて
(?:バッテリー|電池|本体|充電器|アダプタ).{0,12}(?:膨ら|膨張|ふくら) 触れないほど 異常(?:に|な|発)熱 消防
smok(?:e|ing) spark caught_fire on_fire flames? burning_smell smell(?:s|ed)?_(?:of_|like_)?burn melted melting
exploded explosion scorch overheat 冒烟 冒煙 着火 著火 起火 烧焦 燒焦 烧黑 燒黑 爆炸 焦味 焦臭 糊味 融化 自燃
연기(?!되|하|를_?해) 불이_?(?:났|붙|나) 화재 불꽃 스파크 타는_?냄새 탄_?냄새 폭발 녹았 녹아 그을 火を吹 焦げ臭
コゲ 熱くて(?:持て|触れ|さわれ) 黒く(?:なっ|こげ|焦) 溶けた バチッ パチパチ ショート(?:し|音) 火星 烧[起穿]
燒[起穿] 插座.{0,4}黑 膨[胀脹] 鼓包 [过過]熱 燙手 烫手 冒火 연기가 연기_?나 불꽃이 부풀 과열
火柱 もくもく 黒焦 漏電 すすだらけ 消し止め 熱で変形 コンセント.{0,6}(?:黒|熱) 差し?[込口].{0,6}(?:黒|熱く)
singed charred smou?lder shot_(?:out_)?flames? sheet_of_flame sparked short_?-?circuit went_(?:pop|bang) 短路 火苗
"""),
        "gas": any_of(r"""
ガス(?:が|の)?.{0,3}(?:漏|もれ|臭|匂|にお) ガス(?:くさ|くせ) ガス検知 ガス警報 ガス漏 一酸化炭素
シュー(?:っ|ッ)?と.{0,8}(?:音|ガス) 元栓.{0,6}(?:閉|しめ) gas_(?:leak|smell) leaking_gas
smell(?:s|ed)?_(?:of_|like_)?gas carbon_monoxide 煤气.{0,3}[漏味] 燃气.{0,3}[漏味] 瓦斯.{0,3}[漏味外] 漏气 漏氣
一氧化碳 가스.{0,4}(?:누출|냄새|새) 일산화탄소 ガス(?:が)?.{0,4}(?:くさい|臭い|にお[いう]) 都市ガス.{0,6}漏
プロパン.{0,6}漏 가스가_?새 가스_?냄새 [煤燃]气泄漏 漏[气氣]
ガスの?(?:よう|みたい)な.{0,4}(?:臭|匂|にお) 卵の腐った ガス_?(?:もれて|もれた) カセット.{0,10}(?:ガス|くさ)
gas_(?:odou?r|escaping) leak(?:s|ing|ed)?_(?:propane|butane|gas) hiss(?:ing)?.{0,30}gas 嘶嘶 쉭쉭 쉬익
"""),
        "takeover": any_of(r"""
logged_in_as_me orders?_(?:that_)?(?:i|we)_(?:did_not|didn'?t|never)_(?:make|place)
(?:three|two|several|\d)_(?:\w+_)?orders?_(?:\w+_){0,6}(?:strange|stranger|don'?t_know|nobody)
(?:e-?mail|address|password)_(?:\w+_){0,3}(?:has_been|is|was|been)_(?:changed|replaced)
close_(?:the|my)_account_(?:right|at_once|now) i_fell_for_it gave_(?:\w+_){0,3}my_(?:password|pin|code|card) 乗っ取
のっと(?:ら|り) 不正(?:ログイン|アクセス|利用|使用|購入|に(?:使|利用|ログイン)) ハッキング ハックされ
(?:アカウント|会員).{0,12}なりすま (?:アカウント|id|ログイン|会員).{0,40}(?:勝手に|知らない|見知らぬ|見覚えのない)
(?:登録|マイページ|購入履歴|注文履歴).{0,40}(?:勝手に|知らない|見知らぬ|見覚えのない)
(?:アカウント|id|ログイン|会員).{0,40}(?:身に覚えの?(?:ない|無い|なき)|覚えのない|操作にあらず)
(?:登録|マイページ|購入履歴|注文履歴).{0,40}(?:身に覚えの?(?:ない|無い|なき)|覚えのない|操作にあらず)
(?:勝手に|知らない|見知らぬ).{0,30}(?:アカウント|ログイン|登録(?:住所|メール|情報)|マイページ|購入履歴)
(?:見覚えのない|身に覚えの?(?:ない|無い|なき)).{0,30}(?:アカウント|ログイン|登録(?:住所|メール|情報))
(?:見覚えのない|身に覚えの?(?:ない|無い|なき)).{0,30}(?:マイページ|購入履歴)
(?:カード|暗証|パスワード|番号).{0,25}(?:入力|入れて|打って|打ち込|書い|書き込|教え|送っ)て?(?:し|しまい|まい|ま)
(?:id/pw|口座|個人情報).{0,25}(?:入力|入れて|打ち込|書い|書き込|教え|送っ)て?(?:し|しまい|まい|ま)
(?:入力|入れて|打ち込んで|送って|書いて)しま(?:っ|い) (?:番号|カード|パス).{0,10}(?:入れ|書い|教え)ちゃ
(?:カード|暗証|パスワード|口座)の?(?:番号)?を(?:書きました|教えました|入れました)
(?:id|pw|パスワード)を?入力(?:。|し)
(?:メールアドレス|アドレス|住所|パスワード|登録).{0,10}(?:変更され|変えられ|書[きき]?換えられ|変わって)
(?:購入|注文)履歴に.{0,12}(?:買って(?:い)?な|注文して(?:い)?な|頼んで(?:い)?な)
(?:海外|ロシア|中国|ベトナム|別の端末|新しい端末|知らない端末).{0,15}(?:ログイン|アクセス)
(?:ログイン|アクセス).{0,15}(?:海外|ロシア|ベトナム) hack(?:ed|er)
someone_(?:else_)?(?:has_|is_|got_|logged|changed|used|took) unauthori[sz]ed taken_over compromised didn'?t_log_?in
log-?in_(?:from|alert) entered_my_(?:card|password|details) gave_(?:them_)?my_(?:card|password) typed_(?:in_)?my
被盗 被盜 盗用 盜用 盗刷 盜刷 黑客 駭客 异地登录 異地登入 被人登 不是我(?:登|操作|本人) 输入了.{0,8}(?:卡|密码)
輸入了.{0,8}(?:卡|密碼) 填了.{0,8}(?:卡|密) 해킹 도용 무단 제가_(?:로그인|주문)하지_않
모르는_(?:사람|주소|기기|곳).{0,14}(?:로그인|주문|변경|바) 입력해_?버 입력했
知らん(?:人|やつ|住所).{0,12}(?:入|ログイン|注文|買) 覚えのない(?:注文|発注|購入).{0,40}(?:カード|アカウント|登録)
(?:カード|ポイント).{0,10}(?:使われ|消え|減って) パスワードも?.{0,6}(?:変わっ|変えられ) 不正発注
弊社のアカウント.{0,40}(?:発注|注文) 操作なし カード番号.{0,20}(?:送りました|送って|教え|渡し)
買うた覚え.{0,30}カード 凍結(?:を|して|願) 陌生(?:[订訂][单單]|[设設][备備]|地址|人) 不是本人
不[认認][识識]的?.{0,6}(?:[设設裝装]|[装裝]置|地址|人) 有人登 在[国國]外.{0,6}[登改] [国國]外.{0,4}登
改[晒掉了].{0,4}密 密碼.{0,6}改 密码.{0,6}改 [电電][邮郵].{0,5}改 唔係我 唔識嘅 冇落[单單] 刷我 刷的是我的卡 入咗密
[积積]分.{0,6}用光 分俾人用 [点點][数數].{0,6}[换換]光 [冻凍][结結] freeze 沒有下[单單].{0,16}地址
我的[账賬帳][号號户戶].{0,16}(?:多了|出[现現]) 계정(?:에서|에)?.{0,4}모르는
제가_?(?:한|주문한|로그인한)_?(?:거|것)(?:이)?_?아 누가_?제 해외에서_?로그인 모르는_?(?:기기|주문|폰)
비(?:번|밀번호).{0,8}바뀌?[뀜뀌었] 카드번호.{0,8}(?:적었|넣었|입력) 포인트.{0,8}사용되 계정.{0,4}(?:정지|막아)
my_account.{0,40}(?:don't_know|didn't|not_me|strange|unknown) wasn't_me not_me freeze_my
(?:put|gave|sent|typed).{0,12}card_(?:number|details) points.{0,10}(?:gone|spent|used)
(?:元の|今までの|自分の)パスワードで(?:は|も)?(?:もう)?.{0,4}(?:入れ|ログイン) 変え(?:た|まし)?のは(?:私|自分)では
確認コードが.{0,8}(?:何度|次々|何通|何回) password_(?:no_longer|doesn'?t|does_not)_work
someone_(?:got|has_been|'?s_been)_in(?:to|_my)? 비밀번호가_?변경 배송지가_?모르는
"""),
        "legal": any_of(r"""
we_act_for \bcounsel\b (?:a|the)_warrant fraud_squad economic_crime summons \bproceedings\b bankruptcy insolvency
trade_?mark consumer_(?:cent|affairs|agency|protection) certified_mail certified_letter formal_demand
notice_of_claim 弁護士(?!ドット|向け|保険) 代理人 当職 受任 法律事務所 司法書士 内容証明 訴訟 提訴
訴え(?:る|ま|を|させ) 裁判 法的(?:措置|手段|手続) 調停 差押 仮処分 破産 消費者庁 消費生活センター 国民生活センター
消費者センター 経済産業省 経産省 厚生労働省 総務省 公正取引委員会 個人情報保護委員会 国税 税務署 税務調査
労働基準監督 労基署? 保健所 捜査 警察署 県警 警視庁 府警 道警 刑事訴訟法 照会書 弁護士会照会 立入 行政指導 裁判所
特許権 商標権 著作権侵害 警告書 通知書 lawyer attorney solicitor legal_action \bsue\b lawsuit court law_firm
subpoena cease_and_desist police_(?:officer|station|department|report|investigation)
consumer_(?:affairs|protection)_(?:agency|authority|bureau) regulator 律师 律師 起诉 起訴 法院 诉讼 法律途径
法律途徑 消费者协会 消協 消保官 消费者保护 消費者保護 警察局 公安 派出所 存证信函 存證信函 변호사 소송 고소
법적_?(?:조치|대응) 법원 내용증명 소비자(?:원|보호원|상담) 경찰 警[务務][处處] 商業罪案 [警公]安?局
[调調][查取].{0,6}[订訂][单單] 委托.{0,6}代理 代理律[师師] 법률사무소 위임 수사 공문 law_office
on_behalf_of_(?:my|our)_client investigat(?:ing|ion)
訴状 呼出状 支払督促 少額訴訟 不当表示防止法 景品表示法 特定商取引法違反 消費生活課 異議申立 small_claims ombudsman
trading_standards 市[场場][监監]督 消委[会會] 具[状狀] 立案 지급명령 소장을 공정거래위 과태료
"""),
    }
)
EVENT: Final = any_of(r"""
誕生日 誕生祝 バースデー 贈り物 贈りたい 贈る ギフト プレゼント お祝い 祝い 結婚式 結婚記念 記念日 披露宴 法事 法要
四十九日 葬儀 告別式 お通夜 通夜 お供え 供養 命日 初盆 新盆 入学 卒業 卒園 入園 成人式 七五三 発表会 運動会 遠足
修学旅行 旅行(?:で|に持|用) 送別 歓迎会 退職 還暦 古希 喜寿 米寿 内祝 手土産 帰省 出産祝 百日 お食い初め 初節句
パーティ 式典 イベント 展示会 大会 試合 文化祭 面接 開店 開業 オープン 本番 撮影 クリスマス 母の日 父の日 敬老の日
バレンタイン ホワイトデー お歳暮 お中元 正月 ひな祭り 雛祭 節分 豆まき 端午 七夕 盆踊り 入社式 ライブ(?!ラリ)
コンサート こどもの日 子供の日 ハロウィン サンタ 枕元 お彼岸 お盆
christening recital prize-giving housewarming school_on ceremony birthday wedding anniversary christmas xmas gift
present party mother'?s_day father'?s_day valentine funeral graduation event trip 生日 婚礼 婚禮 结婚 結婚 礼物 禮物
送礼 送禮 纪念日 紀念日 圣诞 聖誕 母亲节 母親節 父亲节 父親節 情人节 情人節 派对 派對 葬礼 葬禮 毕业 畢業 满月 滿月
けっこんしき たんじょうび たんじょう日 そつぎょうしき にゅうがく うんどうかい はっぴょうかい おそうしき おいわい おつや
생일 결혼식 선물 기념일 크리스마스 돌잔치 집들이 제사 졸업 입학 행사 파티 어버이날 장례 中秋 端午 春[节節] 新年
[开開][业業] [寿壽] 추석 설날 칠순 환갑 baby_shower retirement
""")
"""What a thing may be wanted for on one day."""
HURRY: Final = any_of(r"""
間に合 まにあ までに 迄に までには 必着 必ず 至急 急ぎ 急い なんとか 何とか 大至急 早急 来てい?(?:ない|ませ)
来な 来ませ 届(?:か|いて(?:い)?(?:な|ま)|きま) どうしても 遅れ 違 変え 変更 割れ 壊 欠け 足り in_time
by_(?:then|tomorrow|friday|monday|the) before asap urgent hurry not_(?:here|arrived) hasn'?t haven'?t need
来得及 來得及 赶得上 趕得上 之前 前能 还没 還沒 没到 沒到 没收 沒收 尽快 盡快 急 제때 까지 전에 안_?왔 못_?받 급
빨리 아직
まだ.{0,12}(?:準備|じゅんび|手配|処理) じゅんびちゅう きますか 来ますか 着きますか 届きますか まにあう しんぱい
気がかり 気が気で
入って(?:い)?ますか 見当たら 赶不赶 趕唔趕 趕不趕 最[迟遲] 一定要 都[没沒]影 仲未 仲係 处理中 處理中 [备備][货貨]中
늦으면 도착할까 받을_수_있
준비_?중 출고_?전 will_it_(?:make|be|arrive|come) any_chance still_(?:says|processing|preparing) hasn'?t_shipped
meant_to
""")
"""That it must be there in time."""
PROMISE: Final = any_of(r"""
your_word \bswore\b assured undertook i_was_told you_told_me was_due guarantee
約束 はず 筈 予定 とのこと 言われ と(?:の)?ご?(?:回答|返答|返事|連絡|案内|説明)
(?:と|って)(?:言|おっしゃ|仰|伺|うかが|聞い|きい|承|書い|あり|お電話) 指定(?:し|日) 必ず.{0,12}(?:と|って) 期日
期限 必着 着(?:指定|予定) (?:くださる|いただける|くれる|いただく)(?:との|という|って|はず|お?話|約束)
ことになって(?:い|お)
との(?:お?話|お?電話|ご?連絡) というお?(?:話|約束|返事) (?:着く|届く)ように(?:手配|した) お届け日
連絡(?:を)?(?:くれる|いただける|します) promised supposed_to
said_(?:it|you|they) told_me was_to_(?:be|arrive) scheduled due_today guaranteed 说好 說好 承诺 承諾 答应 答應
应该 應該 预计 預計 약속 예정 한다고 된다고 온다고 하기로 って言っ と言うた 一定退 [会會]退 前退 答[应應]
[话話].{0,6}前 넣어준다 해_?주신다고 [预預][计計] was_told you_promised they_promised 納品予定 本日納品
""")
"""That a day was named."""
NOT_KEPT: Final = any_of(r"""
heard_nothing hasn'?t_rung no_one_called nobody_called there'?s_nothing it_isn'?t what'?s_going_on when_do_you_come
(?:来|届い|届き|着い|連絡が?|電話が?|入金|振込).{0,14}(?:ない|ませ|なし|無い|無し|ず)
(?:反応|返事|音沙汰|到着|発送|受け取|お返事).{0,14}(?:ない|ませ|なし|無い|無し|ず) まだ 未だ いまだ 未[着入到納]
来ず 来な 何も 待って 過ぎ どうなって 大丈夫で 守ら still not_(?:yet|here|arrived) hasn'?t haven'?t nothing waiting
no_(?:call|news|word) still_nothing where 还没 還沒 没有 沒有 没到 沒到 等 아직 안_?(?:왔|와|오) 없 못
見当た どうなりま いらっしゃいませ お見えに 待ちました 出ましたか もうすぐ日付 (?:さ|ら)れて(?:い|おり)?ませ
信じて(?:い)?まし 入って(?:い)?な 入っとらん 未見 [没沒未]見 未到 还没动静 [没沒]动静 [没沒]有?到[账賬帳] 未收
없습니다 없어요
안_?들어 인데요 nothing_yet no_refund no_sign
(?:has|have)_not_(?:moved|come|rung|stirred) hasn'?t_(?:moved|stirred) is_it_coming 誰も 鳴りませ 鳴らな だれも
なにも_?な 都[没沒]
벌써 冇人嚟
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
本日[0-9]{1,2}日(?:現在|時点) 今日まで(?:待|何) 今日(?:から)?[0-9一二三四五]+日
""")
"""Says which day it is, or until when somebody has waited; not what was promised for today."""
