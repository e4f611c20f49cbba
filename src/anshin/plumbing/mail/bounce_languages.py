"""What mail servers say in other languages than English: families of nouns and what is said of them.

Japanese in full, since most reports that reach a Japanese shop are Japanese or English; German, French, Spanish,
Italian, Portuguese, Dutch, Chinese and Korean as far as Exchange, Gmail and large providers word them.

Source: experience with such mails, not published lists; 2026-11-27.
"""

import re
from typing import Final

from anshin.plumbing.mail.values import BounceKind

_NOT: Final = r"(?:ません|ない|なかった|なく|おらず|れず|できず)"
_ADDRESS: Final = r"(?:宛て?先|あて先|アドレス|受信者|ユーザー?|メールボックス|アカウント|送信先|お客様|相手先)"
_BOX: Final = r"(?:メール|受信|郵便)?(?:ボックス|トレイ|箱|サーバー?|保存|ディスク|容量|領域)"

JAPANESE: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (
            r"(?:受信|受け取り?|着信)(?:者|側|先|を|が|は)?.{0,14}(?:設定|拒否|許可)|受信拒否|着信拒否|拒否設定|"
            r"許可(?:し|され)て(?:い|お)(?:ない|ません|らず|りません)|指定受信|フィルター?.{0,20}(?:拒否|破棄|削除|ブロック)",
            BounceKind.REFUSED,
        ),
        (
            rf"{_BOX}.{{0,24}}(?:いっぱい|一杯|満杯|上限|超え|超過|不足|あふれ)|空き(?:容量|領域|スペース)?.{{0,4}}"
            rf"{_NOT}|容量(?:超過|オーバー|不足|制限)|(?:容量|保存領域).{{0,6}}(?:を|が)(?:超|足り)",
            BounceKind.MAILBOX_FULL,
        ),
        (
            r"(?:メール|添付|データ|サイズ|大きさ).{0,24}(?:大き(?:い|すぎ)|(?:サイズ|上限|制限).{0,8}超)",
            BounceKind.TOO_LARGE,
        ),
        (
            r"(?:ドメイン|ホスト).{0,30}(?:存在|見つか|登録|確認|解決|誤|間違|廃止|無効|失効|正しく|不明)",
            BounceKind.UNKNOWN_DOMAIN,
        ),
        (
            rf"{_ADDRESS}.{{0,40}}(?:(?:存在|使用|使われ|お?使い|利用|登録|有効|見つか|確認|発見).{{0,12}}{_NOT}|"
            r"不明|無効|誤り|間違|廃止|解約|退会|停止|終了|失効|削除され)|(?:宛て?先|あて先|アドレス)不明|で見つかりません",
            BounceKind.UNKNOWN_USER,
        ),
        (
            rf"(?:接続|応答|通信).{{0,10}}{_NOT}|一時的|しばらく|混雑|混み合|タイムアウト|時間以上|再送(?:を続|し)|"
            r"時間(?:が|を)(?:経過|過ぎ)|期限",
            BounceKind.TRY_LATER,
        ),
    )
)
OTHERS: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (
            r"postfach.{0,60}voll|bo[iî]te.{0,60}pleine|buz[oó]n.{0,60}llen[oa]|(?:casella|cassetta).{0,60}piena|"
            r"caixa.{0,60}cheia|postvak.{0,60}\bvol\b|[邮郵信]箱.{0,12}[满滿]|(?:사서함|편지함|메일함).{0,20}(?:가득|꽉|초과)|"
            r"speicherplatz.{0,40}(?:überschritten|erschöpft)|quota d[ée]pass[ée]|超出.{0,6}(?:容量|配[额額])",
            BounceKind.MAILBOX_FULL,
        ),
        (
            r"(?:adresse|empf[aä]nger|benutzer|postfach).{0,60}(?:nicht gefunden|existiert nicht|unbekannt)|"
            r"(?:adresse|destinataire|utilisateur).{0,60}(?:introuvable|n.existe pas|inconnue?)|"
            r"(?:direcci[oó]n|destinatario|usuario|buz[oó]n).{0,60}(?:no existe|desconocid|no (?:se|fue) encontr)|"
            r"no se encontr[oó] a|(?:indirizzo|destinatario|utente).{0,60}(?:non (?:è stato )?trovat|inesistente|"
            r"sconosciut|non esiste)|(?:endereço|destinatário|usuário).{0,60}(?:não (?:foi )?encontrad|não existe)|"
            r"(?:adres|geadresseerde|gebruiker).{0,60}(?:niet gevonden|bestaat niet|onbekend)|"
            r"(?:收件人|地址|用户|用戶|使用者|帐号|帳號).{0,20}(?:找不到|未找到|不存在|无效|無效)|(?:找不到|未找到).{0,20}(?:地址|收件|用户|使用者)|"
            r"(?:주소|사용자|수신자|계정).{0,20}(?:찾을 수 없|존재하지 않|없습니다)",
            BounceKind.UNKNOWN_USER,
        ),
        (
            r"(?:domäne|domain|domaine|dominio|domínio|域名|網域|도메인).{0,60}"
            r"(?:nicht gefunden|existiert nicht|introuvable|n.existe pas|no existe|"
            r"non esiste|não existe|不存在|找不到|찾을 수 없|존재하지 않)",
            BounceKind.UNKNOWN_DOMAIN,
        ),
        (
            r"zu gro[sß]|trop volumineux|demasiado grande|troppo grande|muito grande|过大|過大|너무 (?:큽|크)",
            BounceKind.TOO_LARGE,
        ),
        (r"abgelehnt|refus[ée]|rechazad|rifiutat|recusad|geweigerd|拒收|拒绝|拒絕|거부", BounceKind.REFUSED),
    )
)
SUBJECTS: Final = re.compile(
    r"^(?:unzustellbar|non remis|[ée]chec de (?:la )?remise|no se puede entregar|no entregado|non recapitabile|"
    r"n[aã]o (?:entregue|foi poss[ií]vel entregar)|onbestelbaar|未送达|未傳遞|"
    r"[无無]法[传傳投][递遞送]|배달되지 않음) ?[:：]|"
    r"退信|반송된 메일|메일 반송",
    re.IGNORECASE,
)
"""Subjects of returned mails: Exchange's with the colon behind them, since customers write so of parcels."""
