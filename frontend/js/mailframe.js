// A mail's own HTML stands in a sandboxed frame from its own address, where no script runs. Here it gets its height,
// plain looks, and a way to ask for the pictures from outside that were left out. A mail of ours that is only rehearsed
// stands in the page itself (srcdoc) and keeps the looks that a mail program gives it.
import { all, one } from "./page.js";

const LOOKS = `html{overflow:hidden}body{margin:8px;font:14px/1.7 "Noto Sans JP Variable","Noto Sans JP","Hiragino Sans","Yu Gothic UI",Meiryo,system-ui,sans-serif;color:#1f242c;overflow-wrap:anywhere}
img{max-width:100%;height:auto}img:not([src]){display:inline-block;min-width:24px;min-height:24px;border:1px dashed #c3c8ce;border-radius:4px}table{max-width:100%}`;

export function mailFrames() {
  const watch = (within) => { for (const frame of all("iframe[data-mail-frame]", within)) if (!frame.dataset.awake) ready(frame); };
  watch(document);
  document.addEventListener("htmx:load", (event) => watch(event.detail.elt.parentElement ?? document));
  document.addEventListener("htmx:oobAfterSwap", () => watch(document));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pictures]");
    if (!button) return;
    const frame = one("iframe[data-mail-frame]", button.closest(".entry"));
    const url = new URL(frame.src);
    url.searchParams.set("pictures", "1");
    frame.src = url;
    button.parentElement.hidden = true;
  });
}

function ready(frame) {
  frame.dataset.awake = "";
  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (page) frame.style.height = `${Math.min(Math.max(page.scrollHeight, 40), 20_000)}px`;
  };
  const dress = () => {
    const page = frame.contentDocument;
    if (!page?.head || page.URL === "about:blank") return;
    if (!frame.srcdoc) page.head.append(Object.assign(page.createElement("style"), { textContent: LOOKS }), Object.assign(page.createElement("base"), { target: "_blank" }));
    for (const picture of page.images) picture.addEventListener("load", fit);
    const entry = frame.closest(".entry");
    const asking = entry && one("[data-pictures]", entry);
    if (asking && !frame.src.includes("pictures=1")) asking.parentElement.hidden = !one("img:not([src])", page);
    fit();
    setTimeout(fit, 300);
  };
  frame.addEventListener("load", dress);
  if (frame.contentDocument?.readyState === "complete") dress();
  new ResizeObserver(fit).observe(frame);
}
