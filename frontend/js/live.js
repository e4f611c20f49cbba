// What others do appears without a reload. <body data-live="/s/komorebi/live">: one tab of the browser reads the stream
// and tells the others. A message {kind: "case.message", payload: {case_id: 7}} has the topics "case.message", "case"
// and "case:7"; every [data-live-topic] that names one of them gets the event "live" (so hx-trigger="live" fetches it
// again), and the document gets "live:case" with the message.
import { all, recall, remember } from "./page.js";

const RETRY_MS = 3000;
const LOST_MS = 6000;

export function live(htmx) {
  const url = document.body.dataset.live;
  if (!url || !window.ReadableStream) return;
  const channel = new BroadcastChannel("anshin.live." + url);
  const show = (message) => {
    const topics = topicsOf(message);
    for (const part of all("[data-live-topic]")) {
      if (message.kind === "reload" || part.dataset.liveTopic.split(" ").some((one) => topics.has(one))) htmx.trigger(part, "live", message);
    }
    document.dispatchEvent(new CustomEvent("live:" + message.kind.split(".")[0], { detail: message }));
  };
  channel.onmessage = ({ data }) => show(data);
  const tell = (message) => { channel.postMessage(message); show(message); };
  const listen = () => new Promise(() => read(url, tell));
  if (navigator.locks) navigator.locks.request("anshin.live." + url, listen); else listen();
}

function topicsOf({ kind, payload }) {
  const topics = new Set([kind, kind.split(".")[0]]);
  for (const [name, value] of Object.entries(payload)) if (name.endsWith("_id")) topics.add(`${name.slice(0, -3)}:${value}`);
  return topics;
}

/** Read the stream for ever; EventSource is not used because it must know every kind of event beforehand. */
async function read(url, tell) {
  const place = "live.last." + url;
  let lost = null;
  for (;;) {
    try {
      const last = recall(place);
      const answer = await fetch(url, { headers: last ? { "Last-Event-ID": String(last) } : {}, cache: "no-store" });
      if (answer.status === 403 || answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      clearTimeout(lost);
      lost = null;
      document.body.classList.remove("is-offline");
      await frames(answer.body, (id, message) => {
        remember(place, id);
        if (message.kind !== "here") tell(message);
      });
    } catch { /* the network went away, or the server restarts: both end in another try */ }
    lost ??= setTimeout(() => document.body.classList.add("is-offline"), LOST_MS);
    await new Promise((done) => { setTimeout(done, RETRY_MS); });
  }
}

async function frames(body, each) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const field = (name) => part.match(new RegExp(`^${name}: ?(.*)$`, "m"))?.[1];
      if (field("event")) each(field("id"), { kind: field("event"), payload: JSON.parse(field("data") ?? "{}") });
    }
  }
}
