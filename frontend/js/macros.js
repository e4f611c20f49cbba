// Writing a macro: a placeholder from the list goes to where the cursor last stood.
// <form data-macro-form> <textarea data-macro-text> … <button data-macro-field="{{order.number}}">
import { one } from "./page.js";

let last = null;

export function macros() {
  document.addEventListener("focusin", (event) => { if (event.target.matches("[data-macro-text]")) last = event.target; });
  document.addEventListener("click", (event) => {
    const field = event.target.closest("[data-macro-field]");
    if (!field) return;
    const text = last?.isConnected ? last : one("[data-macro-form] details[open] [data-macro-text], [data-macro-form] [data-macro-text]");
    if (text) insert(text, field.dataset.macroField);
  });
}

/** Words where the cursor stands, as if they had been typed: what listens for typing hears of them. */
export function insert(text, words, from = text.selectionStart, to = text.selectionEnd) {
  text.focus();
  text.setRangeText(words, from, to, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}
