// <button data-copy="#id">: what stands there goes to the clipboard, and the button says so for a moment.
import { one } from "./page.js";
import { toast } from "./toast.js";

export function copying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    const source = button && one(button.dataset.copy);
    if (!source) return;
    const text = source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: button.dataset.copied ?? "✓" });
    } catch {
      source.select?.(); // refused by the browser: what is to be copied is at least marked
    }
  });
}
