// At the warehouse's table: a scanner types into [data-scan] wherever the finger was, [data-count] counts the number
// beside it, [data-photos] says before sending that a file is too large or no photo.
import { composing } from "./ime.js";
import { one, writing } from "./page.js";

const SAME_LABEL_MS = 1500;

export function warehouse() {
  document.addEventListener("click", count);
  document.addEventListener("change", look);
  if (one("input[data-scan]")) listen();
}

function count(event) {
  const button = event.target.closest("[data-count]");
  const field = button && one("input", button.parentElement);
  if (!field) return;
  const now = Number(field.value.normalize("NFKC")) || 0;
  field.value = String(Math.min(Math.max(now + Number(button.dataset.count), 0), Number(field.dataset.most)));
}

function look(event) {
  if (!event.target.matches("[data-photos]")) return;
  const most = Number(event.target.dataset.photos);
  const isWrong = [...event.target.files].some((file) => file.size > most || (file.type && !file.type.startsWith("image/")));
  one("[data-photos-error]", event.target.parentElement).hidden = !isWrong;
  if (isWrong) event.target.value = "";
}

function listen() {
  let last = { text: "", at: 0 };
  const field = one("input[data-scan]");
  if (document.activeElement === field) field.select();
  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
    if (event.key.length !== 1 || event.key === " " || event.key === "/" || writing(event.target)) return;
    field.focus();
    field.select();
    event.stopImmediatePropagation();
  }, true);
  field.form.addEventListener("submit", (event) => {
    if (event.submitter?.value === "inspect" || event.submitter?.value === "next") return;
    const isTwice = field.value === last.text && event.timeStamp - last.at < SAME_LABEL_MS;
    if (isTwice) event.preventDefault();
    last = { text: field.value, at: event.timeStamp };
    field.select(); // what a scanner types before the next page is here stands alone, not after the first
  });
}
