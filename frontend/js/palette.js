// Ctrl-K or ⌘K: a field from which one goes anywhere. The server answers with links; what can be done on this page
// is added here, from the buttons that have a key. Enter while choosing kanji never goes anywhere.
import { composing } from "./ime.js";
import { all, one } from "./page.js";

const WAIT_MS = 120;
let timer = null;
let asked = null;

export function palette() {
  const dialog = one("#palette");
  if (!dialog) return;
  const field = one("input", dialog);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k" || composing(event)) return;
    event.preventDefault();
    if (dialog.open) { dialog.close(); return; }
    if (one("dialog[open]")) return;
    open(dialog, field);
  });
  field.addEventListener("input", () => later(dialog, field));
  field.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { move(dialog, event.key === "ArrowDown" ? 1 : -1); event.preventDefault(); }
    if (event.key === "Escape") { event.preventDefault(); dialog.close(); } // a search field would only empty itself
    if (event.key === "Enter") { event.preventDefault(); go(dialog, field); }
  });
  dialog.addEventListener("click", (event) => { const item = event.target.closest("[data-clicks]"); if (item) press(dialog, item); });
}

function open(dialog, field) {
  field.value = "";
  dialog.showModal();
  field.focus();
  ask(dialog, field);
}

function later(dialog, field) {
  clearTimeout(timer);
  timer = setTimeout(() => ask(dialog, field), WAIT_MS);
}

async function ask(dialog, field) {
  clearTimeout(timer);
  timer = null;
  asked?.abort();
  asked = new AbortController();
  const typed = field.value.trim();
  const list = one(".palette-list", dialog);
  try {
    const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(typed)}`, { signal: asked.signal, headers: { "HX-Request": "true" } });
    if (!answer.ok) return;
    list.innerHTML = await answer.text();
  } catch { return; }
  // What changes something is never what Enter does by itself.
  if (typed) list.prepend(...actions(dialog, typed)); else list.append(...actions(dialog, typed));
  choose(all("[role=option]", list)[0]);
}

/** Buttons and links of this page that a key presses, as items of the list. */
function actions(dialog, typed) {
  const wanted = typed.normalize("NFKC").toLowerCase();
  const found = all("[data-key]").filter((place) => place.offsetParent && !place.closest(".rail, dialog") && !place.matches("input, textarea") && place.dataset.key !== "Escape");
  const items = found.map((place) => [place, (place.getAttribute("aria-label") || place.title || place.textContent).trim().replace(/\s+/g, " ").replace(/ ?\([a-z!]\)$/, "")])
    .filter(([, label]) => label && label.normalize("NFKC").toLowerCase().includes(wanted)).slice(0, 6);
  if (!items.length) return [];
  const group = document.createElement("div");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", dialog.dataset.actions);
  const title = document.createElement("div");
  title.className = "palette-title";
  title.setAttribute("aria-hidden", "true");
  title.textContent = dialog.dataset.actions;
  group.append(title, ...items.map(([place, label]) => item(place, label)));
  return [group];
}

function item(place, label) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "palette-item", tabIndex: -1 });
  button.setAttribute("role", "option");
  button.dataset.clicks = place.dataset.key;
  const icon = one("svg.ic", place)?.cloneNode(true);
  if (icon) button.append(icon);
  const words = document.createElement("span");
  words.textContent = label;
  const hint = document.createElement("small");
  hint.textContent = place.dataset.key;
  button.append(words, hint);
  return button;
}

function press(dialog, chosen) {
  dialog.close();
  all(`[data-key="${CSS.escape(chosen.dataset.clicks)}"]`).find((place) => place.offsetParent)?.click();
}

function choose(item) {
  for (const other of all("#palette [aria-selected]")) { other.removeAttribute("aria-selected"); other.removeAttribute("id"); }
  const field = one("#palette input");
  if (!item) { field.removeAttribute("aria-activedescendant"); return; }
  item.setAttribute("aria-selected", "true");
  item.id = "palette-chosen";
  field.setAttribute("aria-activedescendant", "palette-chosen");
  item.scrollIntoView({ block: "nearest" });
}

function move(dialog, step) {
  const items = all("[role=option]", dialog);
  if (!items.length) return;
  const at = items.findIndex((each) => each.hasAttribute("aria-selected"));
  choose(items[(at + step + items.length) % items.length]);
}

/** Enter: what is chosen, once the list belongs to what is typed. */
async function go(dialog, field) {
  if (timer) await ask(dialog, field);
  const chosen = one("[aria-selected]", dialog);
  if (chosen?.dataset.clicks) press(dialog, chosen); else if (chosen) { dialog.close(); location.assign(chosen.href); }
}
