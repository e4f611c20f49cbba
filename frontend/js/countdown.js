// Days, hours and minutes until a moment, counted by the server's clock. At zero it stays: the release itself is the server’s.
import { all } from "./page.js";

const MINUTE = 60_000;

export function countdowns() {
  const offset = Number(document.body.dataset.now ?? 0) ? Number(document.body.dataset.now) - Date.now() : 0;
  const update = () => {
    for (const box of all("[data-countdown]")) {
      const left = Date.parse(box.dataset.countdown) - Date.now() - offset;
      const minutes = Math.max(0, Math.floor(left / MINUTE));
      const parts = { days: Math.floor(minutes / 1440), hours: Math.floor(minutes / 60) % 24, minutes: minutes % 60 };
      for (const [name, value] of Object.entries(parts)) {
        const place = box.querySelector(`[data-left="${name}"]`);
        if (place) place.textContent = String(value);
      }
    }
  };
  setInterval(() => { if (!document.hidden) update(); }, 10_000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) update(); });
}
