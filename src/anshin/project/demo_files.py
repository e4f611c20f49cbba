"""Files for the demo's messages: pictures that are drawn, papers that are written. The same words, the same bytes."""

import hashlib
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

WIDTH_PX, HEIGHT_PX = 960, 720
_GROUNDS = ("#c9b79d", "#d8d3ca", "#b9c2c4", "#cfc4b6", "#d5cbbd")
_BODIES = ("#565a60", "#efe6d2", "#8a5a35", "#3f6072", "#7a8b5a", "#b5533c")


def made_file(kind: str, shows: str) -> bytes:
    """The bytes of a photo, pdf, txt or ics; `shows` says what is on it, of an event title|start|place|organiser.

    Raises ValueError for another kind.
    """
    if kind == "photo":
        return _photo(shows)
    if kind == "pdf":
        return _pdf(shows)
    if kind == "txt":
        return f"{shows}\n".encode()
    if kind == "ics":
        return _event(shows)
    raise ValueError(f"No file can be made of kind {kind}")


def _photo(shows: str) -> bytes:
    """A still life: a table, a thing on it, its shadow."""
    dice = Random(hashlib.sha256(shows.encode()).digest())  # noqa: S311  a picture, no secret
    ground, body = dice.choice(_GROUNDS), _body_colour(shows, dice)
    picture = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), ground)
    draw = ImageDraw.Draw(picture)
    floor = int(HEIGHT_PX * dice.uniform(0.68, 0.76))
    draw.rectangle([0, floor, WIDTH_PX, HEIGHT_PX], fill=_darker(ground, 0.86))
    draw.ellipse([270, floor - 30, 700, floor + 45], fill=_darker(ground, 0.72))
    if any(word in shows for word in ("バッグ", "トート", "かばん", "bag", "tote")):
        _bag(draw, floor, body)
    elif any(word in shows for word in ("電球", "あかり", "照明", "ランプ", "lamp")):
        _lamp(draw, floor, body)
    else:
        _box(draw, floor, body)
    out = BytesIO()
    picture.rotate(dice.uniform(-3, 3), fillcolor=ground, resample=Image.Resampling.BICUBIC).save(
        out, "JPEG", quality=82
    )
    return out.getvalue()


def _event(shows: str) -> bytes:
    """An invitation to something that takes an hour, in Japan's time."""
    title, start, place, organiser = shows.split("|")
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Calendar//JA", "METHOD:REQUEST", "BEGIN:VEVENT"),
        f"UID:{hashlib.sha256(shows.encode()).hexdigest()[:16]}@outside.example",
        f"DTSTART;TZID=Asia/Tokyo:{start.replace('-', '').replace(':', '')}00",
        *("DURATION:PT1H", f"SUMMARY:{title}", f"LOCATION:{place}"),
        f"ORGANIZER;CN={organiser}:mailto:jimukyoku@monitor.example",
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines).encode()


def _body_colour(shows: str, dice: Random) -> str:
    if any(word in shows for word in ("墨", "灰", "グレー", "黒")):
        return "#565a60"
    return "#efe6d2" if "生成り" in shows else dice.choice(_BODIES)


def _bag(draw: ImageDraw.ImageDraw, floor: int, body: str) -> None:
    handle = _darker(body, 0.55)
    draw.arc([370, floor - 440, 590, floor - 140], 180, 360, fill=handle, width=18)
    draw.polygon([(300, floor - 300), (660, floor - 300), (690, floor + 10), (270, floor + 10)], fill=body)
    draw.rectangle([298, floor - 300, 662, floor - 262], fill=_darker(body, 0.8))
    draw.rectangle([450, floor - 120, 510, floor - 80], fill=handle)


def _lamp(draw: ImageDraw.ImageDraw, floor: int, body: str) -> None:
    draw.rectangle([468, floor - 220, 492, floor], fill=_darker(body, 0.6))
    draw.ellipse([400, floor - 18, 560, floor + 18], fill=_darker(body, 0.6))
    draw.polygon([(400, floor - 400), (560, floor - 400), (640, floor - 210), (320, floor - 210)], fill=body)
    draw.ellipse([445, floor - 250, 515, floor - 175], fill="#4a4038")


def _box(draw: ImageDraw.ImageDraw, floor: int, body: str) -> None:
    draw.rectangle([320, floor - 260, 640, floor + 8], fill=body)
    draw.polygon(
        [(320, floor - 260), (380, floor - 320), (700, floor - 320), (640, floor - 260)], fill=_darker(body, 1.12)
    )
    draw.polygon([(640, floor - 260), (700, floor - 320), (700, floor - 60), (640, floor + 8)], fill=_darker(body, 0.8))
    draw.rectangle([460, floor - 260, 500, floor + 8], fill=_darker(body, 0.7))


def _darker(colour: str, factor: float) -> str:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{min(255, int(part * factor)):02x}" for part in parts)


def _pdf(shows: str) -> bytes:
    """One page of PDF with an ASCII line; Japanese words stand in the document's title."""
    line = "".join(letter for letter in shows if " " <= letter <= "~" and letter not in "()\\") or "See the title."
    content = f"BT /F1 14 Tf 72 760 Td ({line}) Tj ET".encode()
    title = ("\ufeff" + shows).encode("utf-16-be").hex().upper()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        f"<< /Title <{title}> >>".encode(),
    ]
    out, places = BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    out.write(trailer % (len(objects) + 1, start))
    return out.getvalue()
