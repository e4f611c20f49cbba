// Light, dark or like the system: kept in a cookie so that the server draws the right one from the first byte.

export function theme() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-theme-form]");
    if (!form) return;
    const chosen = event.submitter?.name === "theme" ? event.submitter.value : "";
    if (!["light", "dark", "auto"].includes(chosen)) return;
    event.preventDefault();
    document.documentElement.dataset.theme = chosen;
    for (const button of document.querySelectorAll("button[name=theme]")) button.setAttribute("aria-pressed", String(button.value === chosen));
    fetch(event.submitter.formAction, { method: "POST", body: new URLSearchParams([...new FormData(form), ["theme", chosen]]), headers: { "X-Requested-With": "fetch" } });
  });
}
