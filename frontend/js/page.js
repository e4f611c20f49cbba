// Small things several modules ask of the page.

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Words for scripts come from the page, translated: <body data-say-saved="下書き保存"> and so on. */
export const say = (name, fallback = "") => document.body.dataset["say" + name[0].toUpperCase() + name.slice(1)] ?? fallback;

export const csrf = () => one("meta[name=csrf-token]")?.content ?? one("input[name=csrfmiddlewaretoken]")?.value ?? "";

/** Leave for the sign-in page when the session has ended; what was written is kept first (see composer.js). */
export function leave(answer) {
  const way = answer?.status === 401 && answer.headers.get("HX-Redirect");
  if (!way) return false;
  document.dispatchEvent(new CustomEvent("desk:ended"));
  location.assign(way);
  return true;
}

/** Whether the person is writing, so that single keys mean letters. */
export function writing(target) {
  return Boolean(target?.closest?.("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]"));
}

/** Remember a small thing for this browser; private windows may refuse, then it is forgotten. */
export function remember(key, value) {
  try { localStorage.setItem("anshin." + key, JSON.stringify(value)); } catch { /* refused: nothing depends on it */ }
}
export function recall(key, fallback = null) {
  try { return JSON.parse(localStorage.getItem("anshin." + key)) ?? fallback; } catch { return fallback; }
}
