// Inbox and case page together: which row is open, where the talk is scrolled to, who else is here.
import { all, csrf, leave, one, recall, remember } from "./page.js";

const PRESENCE_MS = 15_000;

export function desk(htmx) {
  sameList();
  opened(one("#case"));
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target?.id === "case" || event.detail.elt?.id === "case") opened(one("#case"));
    if (event.detail.elt?.id === "list") { markOpen(one("#case")?.dataset.case); cursorBack(event.detail.elt); counts(event.detail.elt); }
  });
  document.addEventListener("htmx:historyRestore", () => opened(one("#case")));
  // What was pressed may have been replaced by the answer; the keyboard then stands in the case, not nowhere.
  document.addEventListener("htmx:afterSettle", () => { if (document.activeElement === document.body) one("#main")?.focus({ preventScroll: true }); });
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "list" && busyList(event)) event.preventDefault(); });
  document.addEventListener("htmx:beforeRequest", (event) => { if (event.target.matches?.("[data-live-page]") && busyPage(event)) event.preventDefault(); });
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
  addEventListener("pagehide", () => tell("gone=1", { keepalive: true }));
}

/** The list beside a case, and the way back from it, are the ones this browser looked at last. */
function sameList() {
  const shop = location.pathname.match(/^\/s\/[^/]+\//)?.[0];
  if (!shop) return;
  const name = "list." + shop;
  if (location.pathname.startsWith(`${shop}inbox/`)) { remember(name, location.pathname + location.search); return; }
  const last = recall(name);
  if (!last?.startsWith(`${shop}inbox/`)) return;
  one("#list[aria-busy]")?.setAttribute("hx-get", last);
}

function opened(box) {
  if (!box) return;  // a page of its own, such as that of a return, says itself what is open
  if (!box.dataset.case) { delete document.body.dataset.open; markOpen(null); return; }
  document.body.dataset.open = box.dataset.case;
  if (box.dataset.title) document.title = box.dataset.title;
  const list = recall("list." + location.pathname.match(/^\/s\/[^/]+\//)?.[0]);
  if (list) one("#case-head [data-key=Escape]")?.setAttribute("href", list);
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

// A page into which somebody types is not drawn again under their hands; it only offers what is new.
function busyPage(event) {
  const page = event.target;
  const isLive = event.detail.requestConfig?.triggeringEvent?.type === "live";
  if (!isLive || !all("textarea, input, select", page).some(touched)) return false;
  const fresh = one("[data-fresh-page]", page);
  if (fresh) fresh.hidden = false;
  return true;
}

function touched(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
  return field === document.activeElement || field.value !== field.defaultValue;
}

let kept = null;
function keepCursor() { kept = one(".row-cursor")?.id ?? null; }
function cursorBack(list) { if (kept) document.getElementById(kept)?.classList.add("row-cursor"); if (!list) kept = null; }

/** The list carries the views' counts for the phone's chips; the rail shows the same ones. */
function counts(list) {
  const links = all("#rail-views .rail-link");
  all(".list-views .chip", list).forEach((chip, at) => {
    const number = chip.dataset.count;
    const place = links[at] && (one("b", links[at]) ?? links[at].appendChild(document.createElement("b")));
    if (place) place.textContent = number;
  });
}

/** Say that this case is open here, and hear who else has it open: {"words": "佐伯 みおさんも開いています"}. */
async function here() {
  if (document.hidden) return;
  const text = one("[data-composer] [data-for]:not([hidden]) textarea");
  const answer = await tell(`writing=${Number(document.activeElement === text && Boolean(text?.value.trim()))}`);
  if (leave(answer) || answer?.status !== 200) return;
  const { words = "" } = await answer.json().catch(() => ({}));
  for (const place of all("[data-here]")) { one("span", place).textContent = words; place.hidden = !words; }
}

function tell(body, options = {}) {
  const place = one("[data-presence]");
  if (!place) return Promise.resolve(null);
  const headers = { "X-CSRFToken": csrf(), "Content-Type": "application/x-www-form-urlencoded", "X-Unasked": "1" };
  return fetch(place.dataset.presence, { method: "POST", headers, body, ...options }).catch(() => null);
}
