// 31分前 stays true while the page is open. The exact time is in the title, written by the server.
import { all } from "./page.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export function times() {
  const language = document.documentElement.lang || "ja";
  const words = new Intl.RelativeTimeFormat(language, { numeric: "always", style: "short" });
  // The demo shop's clock stands still at its own day; the page says how far the browser's clock is away from it.
  const offset = Number(document.body.dataset.now ?? 0) ? Number(document.body.dataset.now) - Date.now() : 0;
  const update = () => {
    const now = Date.now() + offset;
    for (const time of all("time[data-ago]")) {
      const gone = now - Date.parse(time.dateTime);
      if (!(gone >= 0) || gone >= DAY) continue;
      time.textContent = gone < MINUTE ? (document.body.dataset.sayJustNow ?? time.textContent)
        : gone < 60 * MINUTE ? words.format(-Math.floor(gone / MINUTE), "minute").replace(" ", language === "ja" ? "" : " ")
        : words.format(-Math.floor(gone / (60 * MINUTE)), "hour").replace(" ", language === "ja" ? "" : " ");
    }
  };
  setInterval(() => { if (!document.hidden) update(); }, 30_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) update(); });
}
