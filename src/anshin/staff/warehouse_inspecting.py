"""Inspection at the table: one item at a time, three checks, a grade, what becomes of it; also half of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from anshin.plumbing import clock
from anshin.returns import actions
from anshin.returns.queries import ReturnPage, parts_of, return_by_number, return_page
from anshin.returns.terms import CheckResult, Disposition, Grade, InspectionState, PhotoStage
from anshin.shops.actions import NotAllowed, Refused
from anshin.shops.terms import Permission
from anshin.staff.addresses import address
from anshin.staff.desk import desk
from anshin.staff.warehouse import found_row
from anshin.staff.warehouse_photos import Photos, photos_from, tokens
from anshin.staff.warehouse_words import CHECK_HINTS, CHECK_LABELS, DISPOSITION_MEANS, GRADE_MEANS

if TYPE_CHECKING:
    from anshin.returns.models import Inspection, ReturnLine
    from anshin.shops.models import Membership

CHECKS = ("appearance", "accessories", "operation")
_DONE = {InspectionState.GOOD, InspectionState.DIFFERS, InspectionState.NOT_NEEDED}


class InspectionForm(forms.Form):
    """What was found. `finish`: the results that are missing are errors, otherwise the half is kept."""

    appearance = forms.ChoiceField(choices=CheckResult.choices, required=False)
    appearance_note = forms.CharField(max_length=200, required=False)
    accessories = forms.ChoiceField(choices=CheckResult.choices, required=False)
    accessories_note = forms.CharField(max_length=200, required=False)
    present = forms.MultipleChoiceField(required=False)
    operation = forms.ChoiceField(choices=CheckResult.choices, required=False)
    operation_note = forms.CharField(max_length=200, required=False)
    grade = forms.ChoiceField(choices=Grade.choices, required=False)
    disposition = forms.ChoiceField(choices=Disposition.choices, required=False)
    note = forms.CharField(max_length=1000, required=False)

    def __init__(self, *args: Any, accessories: list[str], finish: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted, self.finish = accessories, finish
        self.fields["present"].choices = [(name, name) for name in accessories]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What is not there needs no checks; ticked accessories are the result; then what is missing is said."""
        values = super().clean() or {}
        if values.get("disposition") == Disposition.MISSING:
            values |= {name: values.get(name) or CheckResult.DOES_NOT_APPLY.value for name in CHECKS}
        missing = [name for name in self.wanted if name not in values.get("present", [])]
        if self.wanted and not missing and not values.get("accessories"):
            values["accessories"] = CheckResult.OK.value
        if values.get("accessories") == CheckResult.OK and missing:
            names = _(", ").join(missing)
            self.add_error(
                "accessories", _("Not ticked: %(names)s. Tick them, or choose “Not good”.") % {"names": names}
            )
        if self.finish:
            self._ask_for_the_rest(values)
        return values

    def _ask_for_the_rest(self, values: dict[str, Any]) -> None:
        for name in (*CHECKS, "disposition"):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, _("Choose one. Without it no money is paid back."))
        if not values.get("grade") and values.get("disposition") not in {"", Disposition.MISSING}:
            self.add_error("grade", _("Choose a grade."))

    def checked(self) -> actions.Checked:
        """The form as the action takes it. Accessories count as missing once somebody has looked for them."""
        values = self.cleaned_data
        has_looked = values["accessories"] != CheckResult.DOES_NOT_APPLY and (
            values["accessories"] or values["present"]
        )
        missing = [name for name in self.wanted if name not in values["present"]] if has_looked else []
        names = [name for name in values if name != "present"]
        return actions.Checked(missing=tuple(missing), **{name: values[name] for name in names})


_LABELS = {"finish": gettext_lazy("Finish the inspection"), "half": gettext_lazy("Save half")}


@require_GET
@desk(Permission.RECEIVE_GOODS)
def inspect(request: HttpRequest, by: Membership, number: int) -> HttpResponseBase:  # noqa: ARG001  a screen's shape
    """The first item of the return that is not inspected yet, otherwise its first."""
    page = _found(by, number)
    first = next((line for line in page.lines if _is_here(line) and not _is_finished(line)), None) or page.lines[0]
    return redirect("staff:warehouse_item", by.shop.slug, number, first.place)


@desk(Permission.RECEIVE_GOODS)
def item(request: HttpRequest, by: Membership, number: int, place: int) -> HttpResponseBase:
    """One item: shown with what is known of it, or what was found is written down (`do`: finish, half)."""
    page = _found(by, number)
    line = next((each for each in page.lines if each.place == place), None)
    if line is None:
        raise Http404
    if request.method != "POST":
        form = InspectionForm(_known(line), accessories=_accessories(line), finish=False)
        return _page(request, by, _Shown(page, line, form, Photos([], [])))
    now = clock.now()
    photos = photos_from(request, by, now=now)
    form = InspectionForm(request.POST, accessories=_accessories(line), finish=request.POST.get("do") != "half")
    if form.is_valid() and not photos.said:
        try:
            row = actions.inspect(by=by, line_id=line.pk, checked=form.checked(), photos=photos.kept, now=now)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _onwards(request, by, number, row)
    return _page(request, by, _Shown(page, line, form, photos), status=422)


def _onwards(request: HttpRequest, by: Membership, number: int, row: Inspection) -> HttpResponseBase:
    """After half: the same item. After the last: home, with what comes next. Otherwise: the next item."""
    if row.finished_at is None:
        messages.success(request, _("Saved. No money is paid back until all three checks have a result."))
        return redirect("staff:warehouse_item", by.shop.slug, number, row.line.place)
    page = _found(by, number)
    if page.returned.inspection in _DONE:
        return redirect(f"{address('warehouse', by.shop.slug)}?done={number}")
    messages.success(request, _("Inspected: %(name)s") % {"name": row.line.name})
    return redirect("staff:warehouse_inspect", by.shop.slug, number)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page of one item shows: the return, the item, its form and photos as they stand."""

    page: ReturnPage
    line: ReturnLine
    form: InspectionForm
    photos: Photos


def _page(request: HttpRequest, by: Membership, shown: _Shown, *, status: int = 200) -> HttpResponseBase:
    now, returned = clock.now(), shown.page.returned
    context = {
        **found_row(returned, lines=shown.page.lines),
        **_item_context(shown.line),
        **_form_context(shown.line, shown.form, has_errors=request.method == "POST"),
        "now": now,
        "due_at": returned.due_at,
        "is_overdue": returned.due_at is not None and returned.due_at < now,
        "items_nav": [
            {
                "name": each.name,
                "url": address("warehouse_item", by.shop.slug, returned.number, each.place),
                "on": each.pk == shown.line.pk,
                "is_finished": _is_finished(each),
            }
            for each in shown.page.lines
        ],
        "photos": tokens(shown.photos, by),
        "photos_said": shown.photos.said,
        "arrival_photos": [each for each in shown.page.photos if each.stage != PhotoStage.INSPECTION],
        "line_photos": [
            each for each in shown.page.photos if each.stage == PhotoStage.INSPECTION and each.line_id == shown.line.pk
        ],
        "do": _LABELS,
    }
    request.desk_section = "warehouse"  # type: ignore[attr-defined]
    return render(request, "staff/warehouse_item.html", context, status=status)


def _item_context(line: ReturnLine) -> dict[str, Any]:
    row = _row_of(line)
    return {
        "line": line,
        "is_here": _is_here(line),
        "is_finished": _is_finished(line),
        "inspected_by": str(row.inspected_by.person) if row and row.inspected_by else "",
        "inspected_at": row.finished_at if row else None,
        "later": _later(line),
        "awaited": line.quantity - (line.quantity_here or 0),
        "customer_has": [name for name in _accessories(line) if name in line.accessories_kept],
    }


def _form_context(line: ReturnLine, form: InspectionForm, *, has_errors: bool) -> dict[str, Any]:
    present = form["present"].value() or []
    return {
        "checks": [_check(form, name, has_errors) for name in CHECKS],
        "accessories": [{"name": name, "on": name in present} for name in _accessories(line)],
        "grades": _options(form, "grade", GRADE_MEANS),
        "dispositions": _options(form, "disposition", DISPOSITION_MEANS),
        "grade_error": _error(form, "grade", has_errors),
        "disposition_error": _error(form, "disposition", has_errors),
        "note": form["note"].value() or "",
        "form_errors": list(form.non_field_errors()) if has_errors else [],
    }


def _check(form: InspectionForm, name: str, has_errors: bool) -> dict[str, Any]:
    return {
        "name": name,
        "label": CHECK_LABELS[name],
        "hint": CHECK_HINTS[name],
        "choices": [
            {"value": value, "label": label, "on": form[name].value() == value} for value, label in CheckResult.choices
        ],
        "note": form[f"{name}_note"].value() or "",
        "error": _error(form, name, has_errors) or _error(form, f"{name}_note", has_errors),
        "is_accessories": name == "accessories",
    }


def _options(form: InspectionForm, name: str, means: dict[str, Any]) -> list[dict[str, Any]]:
    choices = form.fields[name].choices  # type: ignore[attr-defined]
    return [
        {"value": value, "label": label, "means": means[value], "on": form[name].value() == value}
        for value, label in choices
    ]


def _error(form: InspectionForm, name: str, has_errors: bool) -> str:
    return " ".join(map(str, form.errors.get(name, []))) if has_errors else ""


def _known(line: ReturnLine) -> dict[str, Any]:
    """What is written down of a line already, as its form would send it."""
    row = _row_of(line)
    if row is None:
        return {}
    fields = [name for name in InspectionForm.base_fields if name != "present"]
    has_looked = bool(row.accessories or row.missing)
    present = [name for name in _accessories(line) if has_looked and name not in row.missing]
    return {name: getattr(row, name) for name in fields} | {"present": present}


def _found(by: Membership, number: int) -> ReturnPage:
    returned = return_by_number(by.shop, number)
    if returned is None:
        raise Http404
    return return_page(returned)


def _row_of(line: ReturnLine) -> Inspection | None:
    """The part that the table works on; None where nothing is written down of it yet."""
    return parts_of(line).shown


def _later(line: ReturnLine) -> dict[str, Any]:
    """What is said where the rest is looked at after part of it was: how many, and what was found before."""
    parts = parts_of(line)
    if not parts.finished or not parts.is_pending:
        return {}
    before = parts.finished[-1]
    return {"n": parts.unseen, "seen": parts.seen, "at": before.finished_at, "found": before.get_disposition_display()}


def _is_here(line: ReturnLine) -> bool:
    return line.quantity_here is not None


def _is_finished(line: ReturnLine) -> bool:
    row = _row_of(line)
    return row is not None and row.finished_at is not None


def _accessories(line: ReturnLine) -> list[str]:
    return [str(name) for name in line.product.accessories] if line.product else []
