"""The shop's macros: the list by topic with its figures, the page of one with preview and versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from anshin.cases.terms import Resolution
from anshin.language.topics.codes import CODES
from anshin.plumbing import clock
from anshin.plumbing.pages.keyset import BadCursor
from anshin.replies import actions, queries
from anshin.replies.forms import MacroForm, text_field
from anshin.replies.terms import Language, MacroContent
from anshin.shops.queries import may
from anshin.shops.terms import Permission
from anshin.staff.desk import desk
from anshin.staff.macro_preview import previews
from anshin.staff.macro_words import gist, language_name, language_short, placeholder_rows, share, topic_choices
from anshin.staff.topic_words import topic_name

if TYPE_CHECKING:
    from anshin.replies.models import Macro
    from anshin.shops.models import Membership


@desk(Permission.ANSWER)
def macros(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """The list: by topic, with ?q= those that fit, with ?topic= those of one, with ?archived=1 those put away."""
    wanted, topic = request.GET.get("q", "").strip()[:100], request.GET.get("topic", "")
    is_archive = request.GET.get("archived") == "1"
    try:
        page = queries.macros_page(
            by.shop,
            wanted=wanted,
            topic_place=CODES.index(topic) if topic in CODES else None,
            archived=is_archive,
            cursor=request.GET.get("page", ""),
        )
    except BadCursor as error:
        raise Http404 from error
    asked = {"q": wanted, "topic": topic, "archived": "1" if is_archive else ""}
    kept = urlencode({name: value for name, value in asked.items() if value})
    context = {
        "page": page,
        "groups": _groups(page.items),
        "query": f"{kept}&" if kept else "",
        "wanted": wanted,
        "topic": topic,
        "topics": topic_choices(),
        "is_archive": is_archive,
        "can_edit": may(by, Permission.EDIT_MACROS),
        "is_new_here": not page.items and not kept and not queries.has_macros(by.shop),
    }
    return _page(request, "staff/macros.html", context)


@desk(Permission.ANSWER)
def macro(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """One macro: to be changed by those who may, to be read by the others."""
    found = _macro(by, pk)
    if request.method != "POST":
        return _macro_page(request, by, found, _form(by, found))
    form = MacroForm(request.POST, topics=topic_choices(by.shop))
    if form.is_valid() and _saved(by, form, found):
        messages.success(request, _("The macro is saved."))
        return redirect("staff:macro", by.shop.slug, found.pk)
    return _macro_page(request, by, found, form)


@desk(Permission.EDIT_MACROS)
def new_macro(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Write a new macro."""
    initial = {"topic": request.GET.get("topic", "")}
    form = MacroForm(request.POST or None, topics=topic_choices(by.shop), initial=initial)
    if request.method == "POST" and form.is_valid() and (made := _saved(by, form, None)):
        messages.success(request, _("The macro is saved. It is offered in every case of its topic from now on."))
        return redirect("staff:macro", by.shop.slug, made.pk)
    return _macro_page(request, by, None, form)


@require_POST
@desk(Permission.EDIT_MACROS)
def duplicate(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Go on with a copy."""
    name = _("%(name)s (copy)") % {"name": _macro(by, pk).name}
    copied = actions.duplicate_macro(by=by, macro_id=pk, name=name[:80], now=clock.now())
    messages.success(request, _("This is the copy. Give it a name of its own."))
    return redirect("staff:macro", by.shop.slug, copied.pk)


@require_POST
@desk(Permission.EDIT_MACROS)
def archive(request: HttpRequest, by: Membership, pk: int) -> HttpResponseBase:
    """Put a macro away (or bring it back with back=1)."""
    if request.POST.get("back") == "1":
        kept = actions.bring_back_macro(by=by, macro_id=pk, now=clock.now())
        messages.success(request, _("“%(name)s” is offered again.") % {"name": kept.name})
    else:
        kept = actions.archive_macro(by=by, macro_id=pk, now=clock.now())
        messages.success(request, _("“%(name)s” is put away. Its figures and versions stay.") % {"name": kept.name})
    return redirect("staff:macro", by.shop.slug, kept.pk)


@require_POST
@desk(Permission.EDIT_MACROS)
def restore_version(request: HttpRequest, by: Membership, pk: int, number: int) -> HttpResponseBase:
    """Bring a former version back as the newest."""
    actions.bring_back_version(by=by, macro_id=pk, number=number, now=clock.now())
    messages.success(request, _("The former text is back, as a new version."))
    return redirect("staff:macro", by.shop.slug, pk)


@require_POST
@desk(Permission.EDIT_MACROS)
def starting_set(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """Put the macros that come with the program into the shop."""
    count = actions.add_starting_set(shop=by.shop, by=by, now=clock.now())
    said = ngettext("%(count)s macro was added.", "%(count)s macros were added.", count) % {"count": count}
    messages.success(request, said if count else _("Your shop has all of them already."))
    return redirect("staff:macros", by.shop.slug)


@require_POST
@desk(Permission.ANSWER)
def preview(request: HttpRequest, by: Membership) -> HttpResponseBase:
    """How the texts that are being written would read in a recent case."""
    texts = {each.value: request.POST.get(text_field(each), "") for each in Language}
    wanted = request.POST.get("case", "")
    context = previews(by, texts, topic=request.POST.get("topic", ""), wanted=wanted, now=clock.now())
    return render(request, "staff/_macro_preview.html", context)


def _groups(found: list[Macro]) -> list[dict[str, Any]]:
    """The rows under their topics, in the list's order."""
    groups: list[dict[str, Any]] = []
    for macro in found:
        if not groups or groups[-1]["place"] != macro.topic_place:
            groups.append({"place": macro.topic_place, "label": topic_name(CODES[macro.topic_place]), "rows": []})
        groups[-1]["rows"].append(_row(macro))
    return groups


def _row(macro: Macro) -> dict[str, Any]:
    return {
        "macro": macro,
        "first_line": gist(macro.texts.get("ja", "")),
        "languages": [{"short": language_short(each), "name": language_name(each)} for each in macro.texts],
        "unchanged": share(macro.unchanged_count, macro.sent_count),
        "answered": share(macro.answered_count, macro.settled_count),
        "closed": share(macro.closed_count, macro.settled_count),
        "more": len(macro.topics) - 1,
    }


def _form(by: Membership, found: Macro) -> MacroForm:
    initial = MacroForm.as_written(queries.content_of(found), found.version)
    return MacroForm(topics=topic_choices(by.shop), initial=initial)


def _saved(by: Membership, form: MacroForm, found: Macro | None) -> Macro | None:
    """The saved macro, None when something has to be mended first, which stands at the field then."""
    version = form.cleaned_data.get("version") or 0
    try:
        return actions.save_macro(
            by=by,
            content=form.content(),
            macro_id=found.pk if found else None,
            version=version,
            now=clock.now(),
        )
    except (actions.WrongPlaceholders, actions.MissingText) as refusal:
        form.add_error(text_field(refusal.language), str(refusal))
    except (actions.MissingName, actions.UnknownTopic, actions.StaleMacro) as refusal:
        form.add_error(None, str(refusal))
    return None


def _macro(by: Membership, pk: int) -> Macro:
    found = queries.macro_of(by.shop, pk)
    if found is None:
        raise Http404
    return found


def _macro_page(request: HttpRequest, by: Membership, found: Macro | None, form: MacroForm) -> HttpResponse:
    content = form.content() if form.is_bound and hasattr(form, "cleaned_data") else None
    texts = dict(content.texts) if content else dict(found.texts) if found else {}
    topic = form["topic"].value() or ""
    context = {
        "macro": found,
        "form": form,
        "row": _row(found) if found else None,
        "can_edit": may(by, Permission.EDIT_MACROS),
        "texts": [
            {
                "code": each.value,
                "label": each.label,
                "field": form[text_field(each)],
                "is_open": each == Language.JA or bool(form[text_field(each)].errors),
                "is_filled": bool(form[text_field(each)].value()),
            }
            for each in Language
        ],
        "placeholders": placeholder_rows(),
        "versions": _versions(found) if found else [],
        "languages": [(each.value, each.label) for each in Language],
        **previews(by, texts, topic=str(topic), wanted="", now=clock.now()),
    }
    return _page(request, "staff/macro.html", context, status=422 if form.errors else 200)


def _versions(found: Macro) -> list[dict[str, Any]]:
    """Who saved what, newest first; each with what differs from the one before."""
    saved = queries.versions_of(found)
    contents = [queries.content_of(each) for each in saved]
    rows = []
    for place, each in enumerate(saved):
        before = contents[place + 1] if place + 1 < len(saved) else None
        rows.append(
            {
                "number": each.number,
                "at": each.at,
                "who": str(each.by.person) if each.by else _("Anshin"),
                "what": "、".join(_changes(before, contents[place])) if before else _("Written"),
                "is_newest": place == 0,
                "texts": [(language_name(code), text) for code, text in contents[place].texts.items()],
            }
        )
    return rows


def _changes(before: MacroContent, after: MacroContent) -> list[str]:
    named = [language_name(code) for code in Language.values if before.texts.get(code) != after.texts.get(code)]
    if before.name != after.name:
        named.append(_("Name"))
    if before.topics != after.topics:
        named.append(_("Topic"))
    if (before.closes_with, before.adds_tags) != (after.closes_with, after.adds_tags):
        named.append(_("What it offers"))
    return named


def resolution_words(code: str) -> str:
    """How a case would be closed."""
    return str(Resolution(code).label) if code in Resolution.values else code


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    request.desk_section = "macros"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)
