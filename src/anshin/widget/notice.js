(() => {
  const me = document.currentScript;
  const { shop, product, into, lang } = me.dataset;
  const place = document.createElement("div");
  const look = `:host{display:block}section{border-left:4px solid #b42318;background:#fef3f2;color:#1d2939;padding:14px 16px;margin:0 0 12px;font:15px/1.7 system-ui,sans-serif;overflow-wrap:anywhere}h2{margin:0 0 6px;font-size:17px;color:#b42318}p{margin:0 0 6px;white-space:pre-line}p:last-child{margin:0}a{color:#1d4ed8}small{color:#475467}img{max-width:100%;height:auto}@media(prefers-color-scheme:dark){section{background:#2a1512;color:#f2f4f7;border-color:#f97066}h2{color:#fda29b}a{color:#84adff}small{color:#d0d5dd}}`;
  let shown = "";

  const add = (parent, name, text) => {
    if (!text) return null;
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  };

  const draw = (told) => {
    const root = place.shadowRoot || place.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren();
    for (const notice of told.notices) {
      const box = document.createElement("section");
      box.lang = notice.language;
      box.setAttribute("aria-label", told.words.label);
      add(box, "h2", `⚠ ${notice.heading}`);
      add(add(box, "p", " "), "strong", notice.product);
      if (/^https?:/.test(notice.picture)) box.append(Object.assign(new Image(320), { src: notice.picture, alt: notice.product }));
      for (const part of ["hazard", "affected", "what_to_do", "remedy"]) add(box, "p", notice[part]);
      const { name, phone, hours } = notice.contact;
      if (phone) add(box, "p", `${told.words.contact} ${name} ${phone}${hours ? ` (${hours})` : ""}`);
      const last = add(box, "p", " ");
      const link = add(last, "a", told.words.source);
      if (/^https?:/.test(notice.source)) link.href = notice.source;
      link.rel = "noopener noreferrer";
      add(last, "small", ` ${notice.agency} ${notice.day} ${told.words.by}`);
      root.append(box);
    }
  };

  const ask = async () => {
    const spoken = lang || document.documentElement.lang || "ja";
    const address = new URL(`products/${encodeURIComponent(product)}`, me.src);
    address.search = new URLSearchParams({ shop, lang: spoken });
    try {
      const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
      const text = answer.ok ? await answer.text() : "";
      if (!text || text === shown) return;
      shown = text;
      draw(JSON.parse(text));
    } catch {
      // the shop's page must not suffer; it is asked again below
    }
  };

  const target = into && document.querySelector(into);
  if (target) target.prepend(place);
  else me.before(place);
  ask();
  setInterval(() => document.hidden || ask(), 30000);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
})();
