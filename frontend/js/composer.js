// Writing: tabs, whom to, draft saved by itself, files, Ctrl/⌘+Enter.
// <div class="composer" data-composer><form data-draft-url data-draft-version …><textarea …></form>…</div>
import { composing } from "./ime.js";
import { all, csrf, leave, one, say } from "./page.js";

const QUIET_MS = 900;

export function composer() {
  const wake = (within) => { for (const box of all("[data-composer]", within)) if (!box.dataset.awake) ready(box); };
  wake(document);
  document.addEventListener("htmx:load", (event) => wake(event.detail.elt.parentElement ?? document));
  document.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-mode-to]");
    if (tab) choose(tab.closest("[data-composer]") ?? one("[data-composer]"), tab.dataset.modeTo);
    const other = event.target.closest("[data-choose-to]");
    if (other) writeTo(other.form, other.dataset.chooseTo);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-composer] select[name=to]")) writeTo(event.target.form, event.target.value);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || composing(event)) return;
    const form = event.target.closest("[data-composer] form");
    if (form) { event.preventDefault(); form.requestSubmit(one("[data-send]", form)); }
  });
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-drop]")?.closest(".file-line");
    if (!line) return;
    if (line.dataset.dropUrl) fetch(line.dataset.dropUrl, { method: "POST", headers: { "X-CSRFToken": csrf() } });
    line.remove();
  });
  document.addEventListener("desk:ended", () => { for (const form of all("form[data-draft-url]")) keep(form); });
  addEventListener("beforeunload", () => { for (const form of all("form[data-dirty]")) save(form, { keepalive: true }); });
}

function ready(box) {
  box.dataset.awake = "";
  for (const form of all("form[data-draft-url]", box)) {
    bringBack(form);
    form.addEventListener("input", (event) => { if (!event.target.matches("[type=file]")) later(form); });
    form.addEventListener("submit", () => { clearTimeout(form.timer); delete form.dataset.dirty; });
  }
  for (const input of all("input[type=file][data-upload-url]", box)) input.addEventListener("change", () => take(input, input.files));
  for (const text of all("textarea", box)) {
    text.addEventListener("paste", (event) => { if (event.clipboardData.files.length) take(uploads(text), event.clipboardData.files); });
    mark(box, text);
    text.addEventListener("input", () => mark(box, text));
  }
  box.addEventListener("dragover", (event) => event.preventDefault());
  box.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    take(uploads(one("[data-for]:not([hidden]) textarea", box)), event.dataTransfer.files);
  });
}

const mark = (box, text) => box.toggleAttribute("data-filled", Boolean(text.value.trim()));
const uploads = (text) => one("input[type=file][data-upload-url]", text.form);

export function choose(box, mode) {
  if (!box) return;
  box.dataset.mode = mode;
  for (const form of all("[data-for]", box)) form.hidden = form.dataset.for !== mode;
  for (const place of all("[data-shown-for]", box)) place.hidden = place.dataset.shownFor !== mode;
  for (const tab of all("[role=tab]", box)) tab.setAttribute("aria-selected", String(tab.dataset.modeTo === mode));
  one(`[data-for="${mode}"] textarea`, box)?.focus();
}

/** The chosen address in the form and in the line above it; what is known of that address is shown. */
function writeTo(form, mail) {
  const list = one("select[name=to]", form);
  list.value = mail;
  const words = list.selectedOptions[0]?.dataset.words;
  const line = one("[data-to-words]", form.closest("[data-composer]"));
  if (words && line) line.textContent = words;
  for (const warning of all("[data-warns-of]", form)) warning.hidden = warning.dataset.warnsOf !== mail;
}

function later(form) {
  form.dataset.dirty = "";
  clearTimeout(form.timer);
  form.timer = setTimeout(() => save(form), QUIET_MS);
}

/** Save the draft; the server answers with its new version, or 409 when it was changed in another window. */
async function save(form, options = {}) {
  if (form.saving) { later(form); return; }
  if ("stale" in form.dataset) return;
  form.saving = true;
  delete form.dataset.dirty;
  const body = new FormData(form);
  for (const name of [...body.keys()]) if (body.get(name) instanceof File) body.delete(name);
  body.set("version", form.dataset.draftVersion ?? "");
  const answer = await fetch(form.dataset.draftUrl, { method: "POST", body, headers: { "X-CSRFToken": csrf() }, ...options }).catch(() => null);
  form.saving = false;
  if (leave(answer)) return;
  const place = one("[data-saved]", form);
  if (answer?.ok) {
    const { version, saved } = await answer.json();
    form.dataset.draftVersion = version;
    if (place) place.textContent = saved;
  } else if (place) place.textContent = answer?.status === 409 ? say("draftElsewhere") : say("draftFailed");
  if (answer?.status === 409) form.dataset.stale = "";
  if (!answer) { form.dataset.dirty = ""; form.timer = setTimeout(() => save(form), 10_000); }
}

const placeOf = (form) => `anshin.unsent.${form.closest("[data-composer]").dataset.writer}.${form.dataset.draftUrl}`;

/** Keep what stands in a form for the same person in this tab, past the sign-in page. */
function keep(form) {
  clearTimeout(form.timer);
  delete form.dataset.dirty;
  const text = one("textarea", form);
  try { if (text?.value.trim()) sessionStorage.setItem(placeOf(form), text.value); } catch { /* refused: the last saved draft is on the server */ }
}

function bringBack(form) {
  const text = one("textarea", form);
  try {
    const kept = sessionStorage.getItem(placeOf(form));
    sessionStorage.removeItem(placeOf(form));
    if (!kept || !text || kept === text.value) return;
    text.value = kept;
    later(form);
  } catch { /* refused: nothing was kept */ }
}

function take(input, files) {
  if (!input) return;
  for (const file of files) upload(input, file);
  input.value = "";
}

/** One file up, with its progress; the server answers {id, name, size} and the id travels with the form. */
function upload(input, file) {
  const form = input.form;
  const line = one("template[data-file-line]", form).content.firstElementChild.cloneNode(true);
  const bar = one("progress", line);
  one(".file-name", line).textContent = file.name;
  one("[data-upload-list]", form).append(line);
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.set("file", file);
  one("[data-drop]", line).addEventListener("click", () => request.abort());
  request.upload.onprogress = ({ loaded, total }) => { bar.max = total; bar.value = loaded; };
  request.onload = () => {
    bar.remove();
    if (request.status >= 300) { refuse(line, request.responseText); return; }
    const { id, size, drop_url: dropUrl = "" } = JSON.parse(request.responseText);
    line.dataset.dropUrl = dropUrl;
    one("[data-file-size]", line).textContent = size;
    const field = one("input[type=hidden]", line);
    field.value = id;
    later(form);
  };
  request.onerror = () => { bar.remove(); refuse(line, say("offline")); };
  request.open("POST", input.dataset.uploadUrl);
  request.setRequestHeader("X-CSRFToken", csrf());
  request.send(body);
}

function refuse(line, why) {
  line.classList.add("state-bad");
  one("[data-file-size]", line).textContent = why.slice(0, 200);
}
