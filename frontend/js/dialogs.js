// Native dialogs and popovers. <button data-dialog="close-case"> opens <dialog id="close-case">; a popover menu
// opens beside its button; a form inside that succeeds closes them.
import { all, one } from "./page.js";

export function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) { openDialog(opener.dataset.dialog); event.preventDefault(); return; }
    const inner = event.target.closest(".menu-pop [popovertarget]");
    if (inner) { event.preventDefault(); instead(inner); return; }
    const closer = event.target.closest("[data-close]");
    if (closer) { closer.closest("dialog, [popover]")?.[closer.closest("dialog") ? "close" : "hidePopover"](); return; }
    if (event.target.matches?.("dialog") && outside(event)) event.target.close();
    // After the click has sent its form: a menu that closes first takes the focus away, and htmx forgets the button.
    const menu = event.target.closest(".menu-item[data-done]")?.closest("[popover]");
    if (menu) setTimeout(() => menu.hidePopover());
  });
  document.addEventListener("toggle", (event) => {
    if (event.newState === "open" && event.target.matches?.(".menu-pop")) place(event.target);
  }, true);
  // Where a menu stood must not outlive it: htmx copies a style attribute to what replaces it, which the policy forbids.
  document.addEventListener("beforetoggle", (event) => {
    if (event.newState === "closed" && event.target.matches?.(".menu-pop")) event.target.removeAttribute("style");
  }, true);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && event.detail.elt.matches("form")) event.detail.elt.closest("dialog")?.close();
  });
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  one("[autofocus], input:not([type=hidden]), select, textarea, button:not([data-close])", dialog)?.focus();
}

const outside = ({ target, clientX, clientY }) => {
  const box = target.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
};

/** A menu that is opened from another takes its place, beside the button of that one. */
function instead(inner) {
  inner.closest(".menu-pop").hidePopover(); // gives the focus back to its button
  document.getElementById(inner.getAttribute("popovertarget"))?.showPopover();
}

function place(menu) {
  const openers = all(`[popovertarget="${menu.id}"], a[aria-controls="${menu.id}"]`);
  const button = openers.find((each) => each.checkVisibility()) ?? document.activeElement;
  const box = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = box.bottom + 4 + height < innerHeight;
  menu.style.top = `${Math.max(8, below ? box.bottom + 4 : box.top - height - 4)}px`;
  menu.style.left = `${Math.min(Math.max(8, menu.dataset.align === "end" ? box.right - width : box.left), innerWidth - width - 8)}px`;
  one("input, .menu-item", menu)?.focus({ preventScroll: true });
}
