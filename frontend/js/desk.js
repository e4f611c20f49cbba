// Inbox and case page together: which row is open, where the talk is scrolled to, who else is here.
import { all, csrf, one } from "./page.js";

const PRESENCE_MS = 20_000;

export function desk(htmx) {
  opened(one("#case"));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "case" || event.detail.elt?.id === "case") opened(one("#case"));
    if (event.detail.elt?.id === "list") { markOpen(one("#case")?.dataset.case); cursorBack(event.detail.elt); }
  });
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "list" && busyList(event)) event.preventDefault(); });
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target?.id === "list") keepCursor(); });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
    if (event.target.closest("[data-fresh]")) { one("#list .list-scroll")?.scrollTo({ top: 0 }); htmx.trigger(one("#list"), "live"); }
    const toggle = event.target.closest("[data-toggle]");
    if (toggle) {
      const part = document.getElementById(toggle.dataset.toggle);
      part.hidden = !part.hidden;
      toggle.setAttribute("aria-expanded", String(!part.hidden));
    }
  });
  setInterval(here, PRESENCE_MS);
}

function opened(box) {
  if (!box?.dataset.case) return;
  document.body.dataset.open = box.dataset.case;
  if (box.dataset.title) document.title = box.dataset.title;
  markOpen(box.dataset.case);
  const talk = one("[data-scroll-end]", box);
  const wanted = location.hash && one(location.hash, box);
  if (wanted) wanted.scrollIntoView({ block: "center" }); else if (talk) talk.scrollTop = talk.scrollHeight;
  here();
}

function markOpen(number) {
  for (const row of all(".row-on")) row.classList.remove("row-on");
  const row = number && document.getElementById("c" + number);
  if (!row) return;
  row.classList.add("row-on");
  row.classList.remove("row-new");
}

// A list that changes under the eyes is worse than an old one: below its top, or while picking, only offer it.
function busyList(event) {
  const list = event.target;
  const scrolled = (one(".list-scroll", list)?.scrollTop ?? 0) > 120;
  if (event.detail.requestConfig?.triggeringEvent?.type !== "live" || (!scrolled && !list.classList.contains("is-picking"))) return false;
  const fresh = one("[data-fresh]", list);
  if (fresh) fresh.hidden = false;
  return true;
}

let kept = null;
function keepCursor() { kept = one(".row-cursor")?.id ?? null; }
function cursorBack(list) { if (kept) document.getElementById(kept)?.classList.add("row-cursor"); if (!list) kept = null; }

function here() {
  const place = one("[data-presence]");
  if (place && !document.hidden) fetch(place.dataset.presence, { method: "POST", headers: { "X-CSRFToken": csrf() } }).catch(() => null);
}
