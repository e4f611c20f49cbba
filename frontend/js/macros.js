// Macros: their menu in the composer, what stands beside a reply begun with one, and the placeholders while writing one.
// <a data-macros> or a slash at the start of a line opens [popover]#macro-menu; its items are forms whose answer is
// {"text", "offers"}. What is not filled in is marked in the text itself.
import { composing } from "./ime.js";
import { all, csrf, one, say } from "./page.js";
import { toast } from "./toast.js";

const WAIT_MS = 120;
const HOLE = /[{｛]{2}[^{}｛｝\n]{0,80}(?:[}｝]{2})?/g;
let last = null; // where a placeholder goes while a macro is being written
let slash = null; // where the slash stands that opened the menu
let inserted = ""; // what was put in last, so that another language of it can take its place
let timer = null;
let asked = null;

export function macros() {
  wake(document);
  document.addEventListener("htmx:load", (event) => wake(event.detail.elt.parentElement ?? document));
  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-macro-text]")) last = event.target; });
  document.addEventListener("click", click);
  document.addEventListener("input", typed);
  document.addEventListener("compositionend", typed);
  document.addEventListener("keydown", key);
  document.addEventListener("toggle", (event) => { if (event.target.id === "macro-menu" && event.newState === "closed") slash = null; }, true);
}

function wake(within) {
  for (const text of all("[data-paper] textarea", within)) mark(text);
}

function click(event) {
  const field = event.target.closest("[data-macro-field]");
  if (field) {
    const text = last?.isConnected ? last : one("[data-macro-form] details[open] [data-macro-text], [data-macro-form] [data-macro-text]");
    if (text) insert(text, field.dataset.macroField);
    return;
  }
  const opener = event.target.closest("[data-macros]");
  if (opener && one("#macro-menu")) { event.preventDefault(); opener.focus(); open(); return; }
  const item = event.target.closest("[data-macro-list] button");
  if (item) { event.preventDefault(); put(item.form.action); return; }
  const other = event.target.closest("[data-insert-other]");
  if (other) { event.preventDefault(); put(other.formAction, { language: other.value }, inserted); return; }
  const step = event.target.closest("[data-insert-macro]");
  if (step) { event.preventDefault(); put(step.formAction); return; }
  const swap = event.target.closest("[data-replace]");
  if (swap) { replace(replyText(), swap.dataset.replace, swap.dataset.with); return; }
  const words = event.target.closest("[data-put]");
  if (words && replyText()) {
    if (!replyText().checkVisibility()) one('a[data-step-to="talk"]')?.click();
    insert(replyText(), `${words.dataset.put}\n`);
    return;
  }
  const gap = event.target.closest("[data-gap]");
  if (gap) choose(replyText(), gap.dataset.gap);
}

function typed(event) {
  const text = event.target;
  if (text.matches?.("#macro-menu input")) { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); return; }
  if (!text.matches?.("[data-paper] textarea")) return;
  mark(text);
  if (event.isComposing || !one("#macro-menu")) return;
  const at = text.selectionStart - 1;
  const isSlash = event.type === "compositionend" ? event.data === "／" || event.data === "/" : event.data === "/" || event.data === "／";
  if (isSlash && (at === 0 || text.value[at - 1] === "\n")) { open(); slash = at; }
}

function key(event) {
  if (!event.target.matches?.("#macro-menu input") || composing(event)) return;
  const items = all("[data-macro-list] button");
  const at = items.findIndex((each) => each.hasAttribute("aria-selected"));
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (items.length) select(items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    enter();
  } else if (event.key === "Escape") {
    event.preventDefault();
    one("#macro-menu").hidePopover();
    replyText()?.focus();
  }
}

/** Enter: what is chosen, once the list belongs to what is typed. */
async function enter() {
  if (timer) await ask();
  const chosen = one("[data-macro-list] [aria-selected]");
  if (chosen) put(chosen.form.action);
}

const replyText = () => one("#write-reply textarea");

function open() {
  const menu = one("#macro-menu");
  const field = one("input", menu);
  field.value = "";
  menu.showPopover();
  field.focus({ preventScroll: true });
  ask();
}

async function ask() {
  clearTimeout(timer);
  timer = null;
  asked?.abort();
  asked = new AbortController();
  const menu = one("#macro-menu");
  const list = one("[data-macro-list]", menu);
  try {
    const address = `${menu.dataset.url}?q=${encodeURIComponent(one("input", menu).value.trim())}`;
    const answer = await fetch(address, { signal: asked.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
  } catch { return; }
  select(one("button", list));
}

function select(item) {
  for (const other of all("[data-macro-list] [aria-selected]")) { other.removeAttribute("aria-selected"); other.removeAttribute("id"); }
  const field = one("#macro-menu input");
  if (!item) { field.removeAttribute("aria-activedescendant"); return; }
  item.setAttribute("aria-selected", "true");
  item.id = "macro-chosen";
  field.setAttribute("aria-activedescendant", "macro-chosen");
  item.scrollIntoView({ block: "nearest" });
}

/** Ask for a macro filled in, and put it where the cursor was; `instead` is what it takes the place of. */
async function put(url, fields = {}, instead = "") {
  const text = replyText();
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) { toast({ text: answer ? say("refused") : say("offline"), kind: "bad" }); return; }
  const { text: words, offers } = await answer.json();
  const at = slash;
  one("#macro-menu").hidePopover();
  const beside = one("[data-macro-offers]");
  if (beside) beside.innerHTML = offers;
  const known = instead ? text.value.indexOf(instead) : -1;
  if (known >= 0) insert(text, words, known, known + instead.length);
  else if (at !== null) insert(text, words, at, at + 1);
  else insert(text, words);
  inserted = words;
  const hole = words.match(HOLE)?.[0];
  if (hole) choose(text, hole);
}

/** Words where the cursor stands, as if they had been typed: what listens for typing hears of them. */
export function insert(text, words, from = text.selectionStart, to = text.selectionEnd) {
  text.focus();
  text.setRangeText(words, from, to, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Other words for a passage, everywhere; without a passage they go to the top. */
function replace(text, passage, words) {
  if (!passage) { insert(text, `${words}\n\n`, 0, 0); return; }
  for (let at = text.value.indexOf(passage); at >= 0; at = text.value.indexOf(passage, at + words.length)) {
    insert(text, words, at, at + passage.length);
  }
}

function choose(text, words) {
  const at = text?.value.indexOf(words) ?? -1;
  if (at < 0) return;
  text.focus();
  text.setSelectionRange(at, at + words.length);
}

/** Mark what is not filled in, on a layer behind the text; and the lines beside it that say so. */
function mark(text) {
  const paper = text.closest("[data-paper]");
  let layer = one(".composer-marks", paper);
  for (const gap of all("[data-gap]", text.form)) gap.hidden = !text.value.includes(gap.dataset.gap);
  const holes = [...text.value.matchAll(HOLE)];
  if (!holes.length) { layer?.remove(); return; }
  if (!layer) {
    layer = document.createElement("div");
    layer.className = "composer-marks";
    layer.setAttribute("aria-hidden", "true");
    paper.prepend(layer);
    text.addEventListener("scroll", () => { const there = one(".composer-marks", paper); if (there) there.scrollTop = text.scrollTop; });
  }
  const pieces = [];
  let at = 0;
  for (const hole of holes) {
    const spot = document.createElement("mark");
    spot.textContent = hole[0];
    pieces.push(text.value.slice(at, hole.index), spot);
    at = hole.index + hole[0].length;
  }
  layer.replaceChildren(...pieces, `${text.value.slice(at)}\n`);
  layer.scrollTop = text.scrollTop;
}
