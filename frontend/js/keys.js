// One hand on the keyboard. `[data-key="e"]` is clicked by that key; j and k walk the list; ? shows them all.
import { pickRow, stop } from "./bulk.js";
import { openDialog } from "./dialogs.js";
import { composing } from "./ime.js";
import { all, one, writing } from "./page.js";

let leader = null;

export function keys(htmx) {
  document.addEventListener("keydown", (event) => {
    if (composing(event) || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { leave(event); return; }
    if (writing(event.target) || one("dialog[open]")) return;
    const name = leader ? `${leader} ${event.key}` : event.key;
    if (!leader && all(`[data-key^="${CSS.escape(event.key)} "]`).length) { waitForSecond(event.key); return; }
    leader = null;
    if (act(name, htmx)) event.preventDefault();
  });
}

function waitForSecond(key) {
  leader = key;
  setTimeout(() => { leader = null; }, 1200);
}

function act(name, htmx) {
  if (name === "?") { openDialog("keys"); return true; }
  if (name === "j" || name === "ArrowDown" && at()) return walk(1);
  if (name === "k" || name === "ArrowUp" && at()) return walk(-1);
  if (name === "o" || name === "Enter" && at() && document.activeElement === document.body) return open();
  if (name === "x" && current()) { pickRow(current()); return true; }
  const target = all(`[data-key="${CSS.escape(name)}"]`).find((place) => place.offsetParent !== null || place.matches("a.rail-link"));
  if (!target) return false;
  if (target.matches("input, textarea")) { target.focus(); target.select?.(); } else target.click();
  return true;
}

const rows = () => all(".row");
const at = () => one(".row-cursor");
const current = () => at() ?? one(".row-on");

function walk(step) {
  const list = rows();
  if (!list.length) return false;
  const now = current();
  const next = list[Math.min(Math.max(now ? list.indexOf(now) + step : 0, 0), list.length - 1)];
  for (const row of all(".row-cursor")) row.classList.remove("row-cursor");
  next.classList.add("row-cursor");
  next.scrollIntoView({ block: "nearest" });
  one(".row-link", next)?.focus({ preventScroll: true, focusVisible: false });
  return true;
}

function open() {
  const row = current() ?? rows()[0];
  one(".row-link", row ?? document)?.click();
  return Boolean(row);
}

function leave(event) {
  if (writing(event.target)) { event.target.blur(); return; }
  const picking = one("[data-bulk].is-picking");
  if (picking) { stop(picking); return; }
  const back = one("[data-key=Escape]");
  if (back?.offsetParent && !one("dialog[open], :popover-open")) back.click();
}
