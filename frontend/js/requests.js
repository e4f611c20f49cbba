// What htmx requests carry and what the clerk is told when one fails.
import { csrf, say } from "./page.js";
import { toast } from "./toast.js";

export function requests(htmx) {
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
  // What a page fetches by itself does not keep the session alive.
  document.addEventListener("htmx:configRequest", (event) => {
    const { triggeringEvent, headers } = event.detail;
    if (!triggeringEvent || triggeringEvent.type === "live") headers["X-Unasked"] = "1";
  });
  // Signed out meanwhile: htmx follows HX-Redirect to the sign-in page; what was written is kept first.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status === 401) document.dispatchEvent(new CustomEvent("desk:ended"));
  });
  // A refusal is a page fragment too: 422 carries the form with its errors beside the fields.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status === 422 || xhr.status === 409) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });
  // What this person may not see any more does not stay on the screen.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const away = event.detail.requestConfig?.elt?.dataset.goneTo;
    if (away && [403, 404].includes(event.detail.xhr.status)) { document.body.replaceChildren(); location.replace(away); }
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.getResponseHeader("HX-Trigger")?.includes('"toast"')) return;  // the refusal says itself why
    toast({ text: event.detail.xhr.status >= 500 ? say("broken") : say("refused"), kind: "bad" });
  });
  document.addEventListener("htmx:sendError", () => toast({ text: say("offline"), kind: "bad" }));
  document.addEventListener("htmx:timeout", () => toast({ text: say("offline"), kind: "bad" }));
}
