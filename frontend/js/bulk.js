// Picking several rows: <section data-bulk> with rows' checkboxes and a <div class="bulk" hidden> bar. Where the boxes
// always stand open (data-bulk-open) the bar shows by style alone as soon as one is checked.
import { all, one, say } from "./page.js";

let last = null;

export function bulk() {
  document.addEventListener("change", (event) => {
    const list = event.target.closest("[data-bulk]");
    if (list && event.target.matches(".row-pick input")) count(list);
  });
  document.addEventListener("click", (event) => {
    const list = event.target.closest("[data-bulk]");
    if (!list) return;
    if (event.target.closest("[data-bulk-start]")) start(list);
    if (event.target.closest("[data-bulk-all]")) { for (const box of boxes(list)) box.checked = true; count(list); }
    if (event.target.closest("[data-bulk-page]")) { event.preventDefault(); page(list); }
    if (event.target.closest("[data-bulk-stop]")) stop(list);
    if (event.target.matches(".row-pick input")) {
      if (event.shiftKey && last) range(list, last, event.target);
      last = event.target;
      count(list);
    }
  });
  document.addEventListener("htmx:afterSwap", () => { for (const list of all("[data-bulk]")) if (list.classList.contains("is-picking")) count(list); });
}

export function pickRow(row) {
  const list = row.closest("[data-bulk]");
  const box = one(".row-pick input", row);
  if (!list || !box) return;
  start(list);
  box.checked = !box.checked;
  count(list);
}

/** All rows of this page, or none when all were chosen. */
function page(list) {
  const rows = boxes(list);
  const wanted = rows.some((box) => !box.checked);
  for (const box of rows) box.checked = wanted;
  count(list);
}

const boxes = (list) => all(".row-pick input", list);
const isOpen = (list) => "bulkOpen" in list.dataset;
function start(list) { list.classList.add("is-picking"); count(list); }
export function stop(list) { for (const box of boxes(list)) box.checked = false; list.classList.remove("is-picking"); count(list); }

function range(list, from, to) {
  const rows = boxes(list);
  const [a, b] = [rows.indexOf(from), rows.indexOf(to)].sort((x, y) => x - y);
  for (const box of rows.slice(a, b + 1)) box.checked = to.checked;
}

function count(list) {
  const picked = boxes(list).filter((box) => box.checked).length;
  const bar = one(".bulk", list);
  if (isOpen(list)) list.classList.toggle("is-picking", picked > 0);
  if (bar && !isOpen(list)) bar.hidden = !list.classList.contains("is-picking");
  for (const place of all("[data-bulk-count]", list)) place.textContent = say("picked", "{n}").replace("{n}", picked);
  for (const button of all("[data-bulk-needs]", list)) button.disabled = picked === 0;
}
