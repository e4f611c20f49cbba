// What a click opens is already shown while the mouse rests on its button or the keyboard stands on it:
// <button popovertarget="clock-pop" data-hover-pop>. It lies above the page and moves nothing. A click keeps it open.
const REST_MS = 220;
const LEAVE_MS = 260;

let timer = null;
let pinned = false;

export function hovers() {
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const button = buttonAt(event.target);
    if (button) later(() => show(button), REST_MS);
    else if (event.target.closest?.("[data-hover-shown]")) clearTimeout(timer);
    else leave();
  });
  document.documentElement.addEventListener("pointerleave", leave);
  document.addEventListener("focusin", (event) => {
    const button = buttonAt(event.target);
    if (button?.matches(":focus-visible")) later(() => show(button), 0);
    else if (!event.target.closest?.("[data-hover-shown]")) leave();
  });
  // The first click on what hovers keeps it; only the next one closes it.
  document.addEventListener("click", (event) => {
    const button = buttonAt(event.target);
    if (!button) return;
    clearTimeout(timer);
    if (popOf(button)?.matches(":popover-open") && !pinned) { event.preventDefault(); pinned = true; } else pinned = !pinned;
  }, true);
  document.addEventListener("toggle", (event) => {
    if (event.newState === "closed" && event.target.matches?.("[data-hover-shown]")) pinned = false;
  }, true);
}

const buttonAt = (target) => target.closest?.("[data-hover-pop]");
const popOf = (button) => document.getElementById(button.getAttribute("popovertarget"));
const later = (act, after) => { clearTimeout(timer); timer = setTimeout(act, after); };

function show(button) {
  const pop = popOf(button);
  if (!button.isConnected || !pop || pop.matches(":popover-open") || document.querySelector(":popover-open, dialog[open]")) return;
  pop.showPopover();
}

function leave() {
  if (pinned) return;
  later(() => { if (!pinned) document.querySelector("[data-hover-shown]:popover-open")?.hidePopover(); }, LEAVE_MS);
}
