// Cards on the right remember whether they are open: <details data-fold="customer">.
import { all, recall, remember } from "./page.js";

export function folds() {
  const restore = (within) => {
    const closed = recall("folds", {});
    for (const card of all("details[data-fold]", within)) {
      if (card.dataset.fold in closed) card.open = !closed[card.dataset.fold];
    }
  };
  restore(document);
  document.addEventListener("htmx:load", (event) => restore(event.detail.elt));
  document.addEventListener("toggle", (event) => {
    const name = event.target.dataset?.fold;
    if (name) remember("folds", { ...recall("folds", {}), [name]: !event.target.open });
  }, true);
}
