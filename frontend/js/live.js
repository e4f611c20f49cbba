// What others do appears without a reload. <body data-live="/s/komorebi/live">: one tab of the browser reads the stream
// and tells the others. A message {kind: "case.message", payload: {case_id: 7}} has the topics "case.message", "case"
// and "case:7"; every [data-live-topic] that names one of them gets the event "live" (so hx-trigger="live" fetches it
// again), and the document gets "live:case" with the message. A part with data-live-seconds is fetched at most that
// often; what came meanwhile is fetched at the end of that time, so that the last change is never left out.
import { all, recall, remember } from "./page.js";

const RETRY_MS = 3000;
const LOST_MS = 6000;
const BUSY_MS = 100;

export function live(htmx) {
  const url = document.body.dataset.live;
  if (!url || !window.ReadableStream) return;
  const channel = new BroadcastChannel("anshin.live." + url);
  const refresh = paced((topic, message) => {
    for (const part of partsOf(topic)) htmx.trigger(part, "live", message);
  });
  const show = (message) => {
    const topics = topicsOf(message);
    const followed = new Set(all("[data-live-topic]").map((part) => part.dataset.liveTopic));
    for (const topic of followed) {
      if (message.kind === "reload" || topic.split(" ").some((one) => topics.has(one))) refresh(topic, message);
    }
    document.dispatchEvent(new CustomEvent("live:" + message.kind.split(".")[0], { detail: message }));
  };
  channel.onmessage = ({ data }) => show(data);
  const tell = (message) => { channel.postMessage(message); show(message); };
  const listen = () => new Promise(() => read(url, tell));
  if (navigator.locks) navigator.locks.request("anshin.live." + url, listen); else listen();
}

const partsOf = (topic) => all("[data-live-topic]").filter((part) => part.dataset.liveTopic === topic);

/** Calls `fetchParts` for a topic at once, or as soon as its parts may be fetched again and none is being fetched. */
function paced(fetchParts) {
  const fetched = new Map();
  const waiting = new Map();
  const look = (topic) => {
    const parts = partsOf(topic);
    const pause = Math.max(0, ...parts.map((part) => 1000 * Number(part.dataset.liveSeconds ?? 0)));
    const early = (fetched.get(topic) ?? -Infinity) + pause - performance.now();
    const isBusy = parts.some((part) => part.classList.contains("htmx-request"));
    if (early > 0 || isBusy) {
      setTimeout(look, Math.max(early, BUSY_MS), topic);
      return;
    }
    const message = waiting.get(topic);
    waiting.delete(topic);
    fetched.set(topic, performance.now());
    fetchParts(topic, message);
  };
  return (topic, message) => {
    const isNew = !waiting.has(topic);
    waiting.set(topic, message);
    if (isNew) look(topic);
  };
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
      if (!answer.ok) await answer.body?.cancel(); // else the line stays open with what nobody reads
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
