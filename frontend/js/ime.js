// While kana are being composed, Enter belongs to the input method and to nobody else.

/** Whether this key press is part of a composition (keyCode 229 covers Safari, which ends it one event early). */
export const composing = (event) => event.isComposing || event.keyCode === 229;

export function guardIme() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !composing(event)) return;
    event.stopImmediatePropagation();
    if (event.target.matches?.("input")) event.preventDefault();
  }, true);
}
