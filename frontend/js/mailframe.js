// A mail's own HTML stands in a sandboxed frame from its own address; here it only gets its height.
// <iframe data-mail-frame sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" src="…">
import { all } from "./page.js";

export function mailFrames() {
  const watch = (within) => {
    for (const frame of all("iframe[data-mail-frame]", within)) {
      const fit = () => {
        const page = frame.contentDocument?.documentElement;
        if (page) frame.style.height = `${Math.min(Math.max(page.scrollHeight, 40), 20_000)}px`;
      };
      frame.addEventListener("load", () => { fit(); setTimeout(fit, 400); });
      if (frame.contentDocument?.readyState === "complete") fit();
      new ResizeObserver(fit).observe(frame);
    }
  };
  watch(document);
  document.addEventListener("htmx:load", (event) => watch(event.detail.elt));
}
