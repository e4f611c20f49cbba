// Photos on customers' pages are sent as soon as they are chosen: <form data-photos>. Without scripts a button does it.
import { all, one } from "./page.js";

export function photos() {
  for (const form of all("form[data-photos]")) {
    const add = one("[data-photos-add]", form);
    if (!add) continue;
    add.hidden = true;
    form.addEventListener("change", (event) => {
      if (event.target.type !== "file" || !event.target.files.length) return;
      form.dataset.photosBusy = "";
      form.requestSubmit(add);
    });
  }
}
