"""Mails as customers write them, for tests."""


def mail(
    body: str = "こんにちは。届きません。",
    *,
    subject: str = "配送について",
    sender: str = "髙橋 美咲 <misaki@example.jp>",
    to: str = "shop@komorebi.example",
    message_id: str | None = "<1@example.jp>",
    extra: str = "",
) -> bytes:
    """Raw bytes in UTF-8; `extra` are more header lines, each ended by CRLF."""
    identity = f"Message-ID: {message_id}\r\n" if message_id else ""
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 11:00:00 +0900\r\n"
        f"{identity}{extra}MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: 8bit\r\n\r\n{body}\r\n"
    ).encode()
