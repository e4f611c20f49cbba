"""Which kanji are spellings of one another in Japanese names and addresses: a table of our own, for folding."""

from typing import Final

# Standard form, then the forms folded into it. Two names that differ only here are taken for the same name when they
# are compared; what the person wrote is always kept and shown. Different names that merely look alike (渡辺/渡部,
# 大阪/大坂) are not in the table. Forms with a Unicode compatibility mapping (神, 福) are handled by NFKC already.
_VARIANTS: Final = """
亜亞 悪惡 圧壓 囲圍 医醫 壱壹 隠隱 栄榮 営營 衛衞 駅驛 円圓 塩鹽 縁緣 応應 奥奧 横橫 温溫 仮假 価價 画畫 会會
絵繪 拡擴 覚覺 学學 岳嶽 楽樂 関關 観觀 歓歡 巌巖 館舘 顔顏 帰歸 気氣 亀龜 戯戲 旧舊 挙擧 峡峽 強强 教敎 郷鄕
暁曉 区區 駆驅 薫薰 恵惠 渓溪 経經 継繼 茎莖 蛍螢 鶏鷄雞 芸藝 県縣 検檢 権權 顕顯 験驗 広廣 恒恆 黄黃 鉱鑛
号號 国國圀囯 黒黑 歳歲 済濟 斉齊齋斎斊亝 剤劑 桜櫻 冊册 雑雜 参參 桟棧 賛贊 残殘 糸絲 歯齒 児兒 辞辭 実實
舎舍 写寫 釈釋 寿壽 収收 従從 渋澁澀 縦縱 粛肅 処處 緒緖 叙敍 将將 焼燒 証證 乗乘 条條 浄淨 縄繩 壌壤 嬢孃
譲讓 醸釀 静靜 真眞 尽盡 図圖 粋粹 酔醉 穂穗 随隨 髄髓 枢樞 数數 瀬瀨 声聲 摂攝 窃竊 専專 浅淺 戦戰 践踐 銭錢
潜潛 繊纖 禅禪 双雙 壮壯 争爭 荘莊 装裝 総總緫 聡聰 騒騷 増增 蔵藏 臓臟 続續 属屬 堕墮 対對 体體軆 帯帶 滞滯
台臺 滝瀧 択擇 沢澤 単單 担擔 団團 弾彈 遅遲 虫蟲 昼晝 鋳鑄 庁廳 聴聽 徴徵 鎮鎭 逓遞 鉄鐵鐡銕 点點 転轉 伝傳
灯燈 当當 党黨 盗盜 稲稻 闘鬪 徳德 独獨 読讀 届屆 弐貳 脳腦 覇霸 拝拜 廃廢 売賣 麦麥 発發 髪髮 抜拔 蛮蠻
浜濱濵 払拂 仏佛 併倂 並竝 辺邊邉 変變 弁辨瓣辯 舗舖 歩步 穂穗 宝寶寳 豊豐 褒襃 没沒 翻飜 毎每 万萬 満滿 麺麵
黙默 弥彌 訳譯 薬藥 予豫 与與 余餘 誉譽 揺搖 様樣 謡謠 遥遙 来來 頼賴 乱亂 覧覽 竜龍 両兩 猟獵 緑綠 塁壘 励勵
礼禮 霊靈 齢齡 恋戀 炉爐 労勞 楼樓 郎郞 録錄 湾灣 涼凉 隆隆 高髙 崎﨑嵜﨏 吉𠮷 島嶋嶌 峰峯 富冨 曽曾 淵渕渊
橋𣘺槗 土圡 柳栁桺 桑桒 船舩 園薗 野埜 凛凜 槙槇 尭堯 晋晉 桧檜 秋穐龝 鶴靍靏鸖 祢禰 薮藪籔 芦蘆 萌萠 彦彥
諌諫 昂昻 昇曻 姉姊 姫姬 鴬鶯 鴎鷗 頴穎 侠俠 掴摑 蝋蠟 頬頰 填塡 剥剝 閏閠 晃晄 熙煕熈凞 略畧 松枩 杉杦 岡崗
坂岅 丘坵 角⻆ 戸戶户 恭㳟 喜㐂 年秊 梁樑 桝枡 兎兔菟
"""


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for group in _VARIANTS.split():
        for variant in group[1:]:
            if variant != group[0]:
                table.setdefault(ord(variant), group[0])
    return table


STANDARD_FORM: Final = _table()
