// On a phone a case has two steps, talk and facts: <a data-step-to="facts"> inside [data-step].
import { all } from "./page.js";

export function steps() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-step-to]");
    const holder = link?.closest("[data-step]");
    if (!holder) return;
    event.preventDefault();
    holder.dataset.step = link.dataset.stepTo;
    for (const other of all("[data-step-to]", holder)) other.setAttribute("aria-current", String(other === link));
    history.replaceState(history.state, "", link.href);
  });
}
