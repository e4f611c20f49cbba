"""Letters to staff, word for word as they leave."""

from pathlib import Path

import pytest

from anshin.shops import letters

GOLDEN = Path(__file__).parent / "letters"
LINK = "https://desk.komorebi.example/account/login/code/"


def written(letter):
    return f"{letter.subject}\n\n{letter.text}"


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_sign_in_code_reads_as_agreed(language):
    letter = letters.sign_in_code(name="竹内 涼", code="K7QF-2M", language=language)
    assert written(letter) == (GOLDEN / f"sign_in_code.{language}.txt").read_text()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_link_for_a_new_password_reads_as_agreed(language):
    letter = letters.new_password(name="竹内 涼", link=LINK, language=language)
    assert written(letter) == (GOLDEN / f"new_password.{language}.txt").read_text()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_invitation_reads_as_agreed(language):
    letter = letters.invitation(
        name="小暮 あかり",
        shop="こもれび雑貨店",
        inviter="安住 千里",
        mail="kogure@komorebi.example",
        link=LINK,
        language=language,
    )
    assert written(letter) == (GOLDEN / f"invitation.{language}.txt").read_text()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_notice_reads_as_agreed(language):
    letter = letters.notice(
        name="安住 千里",
        shop="こもれび雑貨店",
        subject="メールが届いていません",
        text="最後に届いたのは昨日です。",
        link=LINK,
        language=language,
    )
    assert written(letter) == (GOLDEN / f"notice.{language}.txt").read_text()


@pytest.mark.parametrize(("language", "what"), [("ja", "パスキーが追加されました"), ("en", "A passkey was added")])
def test_the_letter_about_a_changed_sign_in_reads_as_agreed(language, what):
    at = "2026年11月20日(金) 14:00" if language == "ja" else "Fri 20 Nov 2026 14:00"
    letter = letters.account_changed(name="竹内 涼", what=what, at=at, link=LINK, language=language)
    assert written(letter) == (GOLDEN / f"account_changed.{language}.txt").read_text()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_letters_about_devices_and_lost_factors_read_as_agreed(language):
    device = letters.new_device(
        name="竹内 涼",
        device="iPhone: Safari",
        network="203.0.113.x",
        at="2026-11-20 14:00",
        link=LINK,
        language=language,
    )
    taken = letters.factor_taken(name="竹内 涼", shop="こもれび雑貨店", owner="安住 千里", link=LINK, language=language)
    ended = letters.password_ended(
        name="竹内 涼", shop="こもれび雑貨店", owner="安住 千里", link=LINK, language=language
    )
    assert written(ended) == (GOLDEN / f"password_ended.{language}.txt").read_text()
    assert written(device) == (GOLDEN / f"new_device.{language}.txt").read_text()
    assert written(taken) == (GOLDEN / f"factor_taken.{language}.txt").read_text()


def test_an_unknown_language_gets_japanese():
    letter = letters.sign_in_code(name="竹内 涼", code="1", language="fr")
    assert letter.subject == "サインイン用のコード: 1"


def test_a_shop_name_with_a_line_break_makes_no_second_header():
    letter = letters.invitation(name="a", shop="b\r\nBcc: x@y.example", inviter="c", mail="d", link="e", language="en")
    assert letter.subject == "You are invited to the staff of b Bcc: x@y.example"
