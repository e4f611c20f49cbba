// Passkeys: <form data-passkey="create|get|sign-in"> with a hidden field "credential" and a block #passkey-options.
// The browser asks the person, its answer is sent as JSON. Forms stay hidden where the browser has no passkeys.
import { all, one } from "./page.js";

const BYTES = ["challenge", "id", "rawId"];

export function passkeys() {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  for (const missing of all("[data-passkey-missing]")) missing.hidden = true;
  for (const form of all("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (one("[name=credential]", form).value) return;
      event.preventDefault();
      ask(form);
    });
  }
}

async function ask(form) {
  const failed = one("[data-passkey-failed]", form), button = one("button", form);
  failed.hidden = true;
  button.disabled = true;
  try {
    const { publicKey } = read(await optionsOf(form));
    const making = form.dataset.passkey === "create";
    if (making) Object.assign(publicKey.authenticatorSelection ??= {}, { residentKey: "preferred", requireResidentKey: false });
    const given = await (making ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    one("[name=credential]", form).value = JSON.stringify(written(given));
    form.submit();
  } catch {
    failed.hidden = false;
    button.disabled = false;
  }
}

async function optionsOf(form) {
  if (form.dataset.passkey !== "sign-in") {
    const known = JSON.parse(one("#passkey-options").textContent);
    return known.creation_options ?? known.request_options;
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()).request_options;
}

/** The options with bytes where the browser wants bytes. */
function read(value, name = "") {
  if (Array.isArray(value)) return value.map((each) => read(each));
  if (value && typeof value === "object") {
    // The relying party's id is a host name, every other id is bytes.
    const isHost = name === "rp";
    return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null)
      .map(([key, each]) => [key, isHost && key === "id" ? each : read(each, key)]));
  }
  return BYTES.includes(name) && typeof value === "string" ? bytes(value) : value;
}

function written(credential) {
  const { response } = credential;
  const plain = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) plain[part] = text(response[part]);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: plain,
  };
}

function bytes(base64url) {
  const base64 = base64url.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}

function text(buffer) {
  const signs = Array.from(new Uint8Array(buffer), (code) => String.fromCharCode(code)).join("");
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
