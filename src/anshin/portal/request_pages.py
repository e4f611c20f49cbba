"""How the five steps of asking for a return are drawn: one answer for all that comes back, or each part its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django.http.response import HttpResponseBase

from anshin.plumbing.pages.templatetags.pages import yen
from anshin.portal.uploads import photo_rows
from anshin.returns.queries import left_to_return
from anshin.returns.terms import Condition, Payer, Reason, SubReason, Verdict, Wish
from anshin.visits import actions
from anshin.visits.queries import can_be_parted, photos_of
from anshin.visits.terms import MOST_PHOTOS, DraftFault

if TYPE_CHECKING:
    from anshin.commerce.models import OrderLine
    from anshin.portal.pages import Page
    from anshin.returns.actions import Considered
    from anshin.visits.models import DraftPhoto, ReturnDraft
    from anshin.visits.terms import Part

STEPS: Final = ("order", "items", "reason", "photos", "wish")
_VERDICTS: Final = {Verdict.ALLOWED: "good", Verdict.NEEDS_PERSON: "info", Verdict.REFUSED: "warn"}


def shot_keys(draft: ReturnDraft) -> list[int]:
    """Of which parts photos are asked for; 0: of all at once."""
    return [part.key for part in draft.parts] if draft.has_own_reasons else [0]


def wish_keys(draft: ReturnDraft) -> list[int]:
    """For which parts a wish is asked for; 0: for all at once."""
    return [part.key for part in draft.parts] if draft.has_own_wishes else [0]


def shot_name(key: int) -> str:
    """The field of the photos of a part."""
    return f"photos_{key}" if key else "photos"


def wish_name(key: int) -> str:
    """The field of the wish for a part."""
    return f"wish_{key}" if key else "wish"


def wanted_name(key: int) -> str:
    """The field of what is wanted instead of a part."""
    return f"wanted_{key}" if key else "wanted"


def items(page: Page, draft: ReturnDraft, refusal: actions.Unfit | None = None) -> HttpResponseBase:
    """Step 2."""
    left = left_to_return(draft.order)
    chosen: dict[int, int] = {}
    for part in draft.parts:
        chosen[part.position] = chosen.get(part.position, 0) + part.quantity
    rows = [
        {
            "line": line,
            "left": left[line.position],
            "left_words": page.words("request", left=left[line.position])[
                "left" if left[line.position] else "none_left"
            ],
            "chosen": chosen.get(line.position, 0),
            "counts": range(1, left[line.position] + 1),
        }
        for line in draft.order.lines.all()
    ]
    return _draw(page, draft, "items", refusal=refusal, rows=rows)


def reason(page: Page, draft: ReturnDraft, refusal: actions.Unfit | None = None, *, key: int = 0) -> HttpResponseBase:
    """Step 3, for all or for the part with this key."""
    words = page.words("request")
    parts = draft.parts
    shown = [part for part in parts if key in {0, part.key}]
    own = actions.own_accessories(draft)
    names = dict.fromkeys(name for part in shown for name in own.get(part.position, ()))
    told = shown[0]
    return _draw(
        page,
        draft,
        "reason",
        refusal=refusal,
        part=key,
        reasons=_choices(words, "reason", Reason.values, told.reason),
        subs=_choices(words, "sub", SubReason.values, told.sub_reason),
        conditions=_choices(words, "condition", Condition.values, told.condition),
        accessories=[{"name": name, "on": any(name in each.accessories for each in shown)} for name in names],
        may_part=not key and can_be_parted(draft),
        quantity=told.quantity,
        counts=range(1, _pieces_from(parts, told) + 1) if key else (),
    )


def photos(
    page: Page,
    draft: ReturnDraft,
    said: Sequence[dict[str, Any]] = (),
    *,
    fault: DraftFault | None = None,
    status: int = 200,
) -> HttpResponseBase:
    """Step 4: a place for photos of all, or one for each part."""
    kept = photos_of(draft)
    lacking, needing = _photos_wanted(page, draft, kept)
    names = _names(draft)
    shelves = [
        _shelf(page, draft, [each for each in kept if each.part == part.key], part.key)
        | {"name": names[part.key], "reason": _reason_words(page, part)}
        | {"is_needed": part.key in needing, "is_lacking": part.key in lacking}
        for part in (draft.parts if draft.has_own_reasons else [])
    ]
    of_all = [each for each in kept if each.part == 0]
    if of_all or not shelves:
        name = page.words("request")["photos_all"] if shelves else ""
        whole = _shelf(page, draft, of_all, 0) | {"name": name, "is_needed": not shelves and bool(needing)}
        shelves = [*shelves, whole | ({"room": 0} if shelves else {})]
    return _draw(
        page,
        draft,
        "photos",
        status=status,
        said=said,
        fault=fault.value if fault else "",
        shelves=shelves,
        has_room=any(shelf["room"] for shelf in shelves),
    )


def wish(page: Page, draft: ReturnDraft, refusal: actions.Unfit | None = None) -> HttpResponseBase:
    """Step 5, with what the policy answers."""
    answers = actions.what_policy_says(
        draft, photographed={each.part for each in photos_of(draft)}, language=page.language, now=page.now
    )
    words, names, parts = page.words("request"), _names(draft), draft.parts
    asked = parts if draft.has_own_wishes else parts[:1]
    groups = [
        {
            "name": names[part.key] if key else "",
            "reason": _reason_words(page, part) if key and draft.has_own_reasons else "",
            "field": wish_name(key),
            "wanted_field": wanted_name(key),
            "wishes": _choices(words, "wish", Wish.values, part.wish),
            "wanted": part.wanted,
            "is_wrong": refusal is not None and refusal.part == key,
        }
        for key, part in zip(wish_keys(draft), asked, strict=True)
    ]
    pays = any(each.judged.payer == Payer.SHOP and each.judged.verdict != Verdict.REFUSED for each in answers)
    payer = words["payer_shop" if pays else "payer_customer"]
    return _draw(
        page,
        draft,
        "wish",
        refusal=refusal,
        groups=groups,
        may_part=not draft.has_own_wishes and can_be_parted(draft),
        answers=[_answer(page, each, payer) for each in answers],
    )


def lacks_photo(page: Page, draft: ReturnDraft) -> bool:
    """Whether the policy asks for a photo that is not there yet."""
    lacking, _needing = _photos_wanted(page, draft, photos_of(draft))
    return bool(lacking)


def step_words(page: Page, which: str) -> dict[str, str]:
    """Which step of five it is, what comes next, and what the button says."""
    plain = page.words("request")
    place = STEPS.index(which)
    later = plain[f"label_{STEPS[place + 1]}"] if place + 1 < len(STEPS) else ""
    filled = page.words("request", n=place + 1, label=later)
    return {
        "step": filled["step"],
        "next": filled["next"] if later else plain["last"],
        "go": filled["go"] if later else plain["send"],
        "heading": plain[f"h_{which}"],
    }


def bars(which: str) -> list[str]:
    """How far each of the five is: done, now, todo."""
    at = STEPS.index(which)
    return ["done" if place < at else "now" if place == at else "todo" for place in range(len(STEPS))]


def _photos_wanted(page: Page, draft: ReturnDraft, kept: Sequence[DraftPhoto]) -> tuple[set[int], set[int]]:
    """Keys of the parts of which a photo is lacking, and of those that need one."""
    shown = {each.part for each in kept}
    answers = actions.what_policy_says(draft, photographed=shown, language=page.language, now=page.now)
    told = list(zip(draft.parts, answers, strict=False))
    lacking = {part.key for part, each in told if each.lacks_photo}
    return lacking, {part.key for part, each in told if each.judged.needs_photos}


def _shelf(page: Page, draft: ReturnDraft, kept: Sequence[DraftPhoto], key: int) -> dict[str, Any]:
    room = max(MOST_PHOTOS - len(kept), 0)
    return {
        "field": shot_name(key),
        "photos": photo_rows(page, [(each.pk, each.name, each.blob) for each in kept], "request_photo", draft.nonce),
        "room": room,
        "room_words": page.words("request", left=room)["photos_left"],
    }


def _answer(page: Page, each: Considered, payer: str) -> dict[str, Any]:
    judged = each.judged
    words = page.words("request", fee=yen(judged.fee_yen), day=page.day(judged.until))
    is_open = judged.verdict == Verdict.ALLOWED
    return {
        "name": _named(page, each.line, each.asked.quantity),
        "kind": _VERDICTS[judged.verdict],
        "says": words[f"answer_{judged.verdict.value}"],
        "payer": payer if is_open else "",
        "fee": words["fee"] if is_open and judged.fee_yen else "",
        "until": words["until"] if judged.until else "",
        "clause": f"{each.told.number} {each.told.text}".strip(),
    }


def _draw(
    page: Page,
    draft: ReturnDraft,
    which: str,
    *,
    refusal: actions.Unfit | None = None,
    status: int = 200,
    fault: str = "",
    part: int = 0,
    **context: Any,
) -> HttpResponseBase:
    words = page.words("request", left=refusal.left if refusal else 0) | step_words(page, which)
    faults = [each.value for each in refusal.faults] if refusal else [fault] if fault else []
    return page.draw(
        f"portal/request_{which}.html",
        "request",
        status=422 if refusal else status,
        words=words | _part_words(page, draft, part),
        draft=draft,
        bars=bars(which),
        back_url=_back(page, draft, which, part),
        part=part,
        chosen=_chosen(page, draft, which, part) if which not in {"order", "items"} else [],
        faults={each: words[f"fault_{each}"] for each in faults},
        **context,
    )


def _part_words(page: Page, draft: ReturnDraft, key: int) -> dict[str, str]:
    """Which of the parts it is; the button leads to the next of them."""
    keys = [part.key for part in draft.parts]
    if key not in keys:
        return {}
    words = page.words("request", n=keys.index(key) + 1, count=len(keys))
    return {"part_of": words["part_of"]} | ({"go": words["go_part"]} if key != keys[-1] else {})


def _back(page: Page, draft: ReturnDraft, which: str, key: int) -> str:
    keys = [part.key for part in draft.parts]
    if which == "items":
        return page.url("request")
    if which == "photos" and draft.has_own_reasons:
        return page.url("request_own_reason", draft.nonce, keys[-1])
    if key in keys[1:]:
        return page.url("request_own_reason", draft.nonce, keys[keys.index(key) - 1])
    return page.url(f"request_{STEPS[STEPS.index(which) - 1]}", draft.nonce)


def _choices(words: dict[str, Any], table: str, codes: Sequence[str], chosen: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": words[f"{table}_{code}"], "on": code == chosen} for code in codes]


def _chosen(page: Page, draft: ReturnDraft, which: str, key: int) -> list[dict[str, str]]:
    """What comes back; from the photos on with why: said once where one reason stands for all."""
    names, parts = _names(draft), [part for part in draft.parts if key in {0, part.key}]
    rows = [
        {"name": names[part.key], "count": page.words("request", count=part.quantity)["items_count"], "reason": ""}
        for part in parts
    ]
    if which != "reason":
        said = [_reason_words(page, part) for part in parts]
        for place, row in enumerate(rows):
            row["reason"] = said[place] if said[place] not in said[place + 1 : place + 2] else ""
    return rows


def _names(draft: ReturnDraft) -> dict[int, str]:
    """By key of the part, what it is."""
    lines = {line.position: line for line in draft.order.lines.all()}
    return {
        part.key: f"{lines[part.position].name} {lines[part.position].variant}".strip()
        if part.position in lines
        else ""
        for part in draft.parts
    }


def _named(page: Page, line: OrderLine, quantity: int) -> str:
    count = page.words("request", count=quantity)["items_count"]
    return " ".join(filter(None, [line.name, line.variant, count]))


def _pieces_from(parts: Sequence[Part], this: Part) -> int:
    """How many pieces of its position this part and those after it have."""
    later = parts[[part.key for part in parts].index(this.key) :]
    return sum(part.quantity for part in later if part.position == this.position)


def _reason_words(page: Page, part: Part) -> str:
    words = page.words("request")
    said = words.get(f"reason_{part.reason}", "")
    if part.sub_reason:
        said = f"{said} · {words[f'sub_{part.sub_reason}']}"
    return page.words("request", reason=said)["chosen_reason"] if said else ""
