// Short words at the foot of the screen, with "undo" where there is one. A server adds one with the header
// HX-Trigger: {"toast": {"text", "kind"?, "undo"?: {"url", "label"}, "seconds"?}} or a <template data-toast='…'>.
import { all, csrf, one, say } from "./page.js";

export function toasts(htmx) {
  document.addEventListener("toast", (event) => toast(event.detail, htmx));
  const fromPage = (within) => {
    for (const waiting of all("template[data-toast]", within)) { toast(JSON.parse(waiting.dataset.toast), htmx); waiting.remove(); }
  };
  fromPage(document);
  document.addEventListener("htmx:load", (event) => fromPage(event.detail.elt));
}

export function toast({ text, kind = "", undo = null, seconds = undo ? 10 : 6 }, htmx = window.htmx) {
  const place = one("#toasts");
  if (!place || !text) return;
  const card = document.createElement("div");
  card.className = "toast-card";
  card.setAttribute("role", kind === "bad" ? "alert" : "status");
  const line = card.appendChild(document.createElement("div"));
  line.className = "toast-line";
  const words = line.appendChild(document.createElement("span"));
  words.className = "toast-words";
  words.textContent = text;
  const button = line.appendChild(document.createElement("button"));
  button.type = "button";
  button.className = "toast-do";
  button.textContent = undo ? undo.label ?? say("undo") : say("dismiss");
  const bar = undo ? card.appendChild(document.createElement("div")) : null;
  if (bar) { bar.className = "toast-bar"; bar.appendChild(document.createElement("i")).style.setProperty("--for", `${seconds}s`); }
  place.append(card);
  let timer = setTimeout(() => card.remove(), seconds * 1000);
  if (!undo) {
    card.addEventListener("pointerenter", () => clearTimeout(timer));
    card.addEventListener("pointerleave", () => { timer = setTimeout(() => card.remove(), 2000); });
  }
  button.addEventListener("click", async () => {
    if (!undo) { card.remove(); return; }
    clearTimeout(timer);
    button.disabled = true;
    const answer = await fetch(undo.url, { method: "POST", headers: { "X-CSRFToken": csrf(), "HX-Request": "true" } }).catch(() => null);
    card.remove();
    const triggers = answer?.headers.get("HX-Trigger");
    if (!answer?.ok) toast({ text: (await answer?.text().catch(() => "")) || say("tooLate"), kind: "bad" }, htmx);
    else if (triggers?.startsWith("{")) for (const [name, detail] of Object.entries(JSON.parse(triggers))) document.dispatchEvent(new CustomEvent(name, { detail }));
    if (answer?.ok) htmx.trigger(document.body, "undone", { url: undo.url });
  });
}
