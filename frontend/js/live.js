// What others do appears without a reload. One tab holds the connection and tells the others.
// <body data-live="/live"> ; a message {"topic": "case:1042", …} makes every [data-live-topic~="case:1042"] fetch
// itself again (hx-get with hx-trigger="live"), and is a DOM event "live:<topic's first word>" for other modules.
import { all, recall, remember } from "./page.js";

export function live(htmx) {
  const url = document.body.dataset.live;
  if (!url || !window.EventSource) return;
  const channel = new BroadcastChannel("anshin.live." + url);
  const show = (message) => {
    remember("live.last", message.id);
    for (const part of all("[data-live-topic]")) {
      if (part.dataset.liveTopic.split(" ").includes(message.topic)) htmx.trigger(part, "live", message);
    }
    document.dispatchEvent(new CustomEvent("live:" + message.topic.split(":")[0], { detail: message }));
  };
  channel.onmessage = ({ data }) => show(data);
  const listen = () => new Promise(() => connect(url, (message) => { channel.postMessage(message); show(message); }));
  if (navigator.locks) navigator.locks.request("anshin.live." + url, listen); else listen();
}

function connect(url, tell) {
  const last = recall("live.last");
  const source = new EventSource(last ? `${url}${url.includes("?") ? "&" : "?"}last=${encodeURIComponent(last)}` : url);
  let lost = null;
  source.onmessage = (event) => tell({ ...JSON.parse(event.data), id: event.lastEventId });
  source.onopen = () => { clearTimeout(lost); document.body.classList.remove("is-offline"); };
  source.onerror = () => {
    clearTimeout(lost);
    lost = setTimeout(() => document.body.classList.add("is-offline"), 5000);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => connect(url, tell), 5000);
  };
}
