// On the page that strikes something out, marking words chooses them: places in the text, counted in whole characters.
const count = (text, end) => [...text.slice(0, end)].length;

export function strike() {
  const source = document.querySelector("[data-strike-source]");
  if (!source) return;
  const box = source.closest("[data-strike]");
  const [from, to] = ["from", "to"].map((name) => box.querySelector(`input[name="${name}"]`));
  const chosen = box.querySelector("[data-strike-chosen]");
  document.addEventListener("selectionchange", () => {
    const range = document.getSelection()?.rangeCount ? document.getSelection().getRangeAt(0) : null;
    if (!range || range.collapsed || !source.contains(range.startContainer) || !source.contains(range.endContainer)) return;
    const before = document.createRange();
    before.setStart(source, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const start = before.toString().length;
    const text = source.textContent;
    from.value = count(text, start);
    to.value = count(text, start + range.toString().length);
    chosen.textContent = source.dataset.words.replace("{n}", to.value - from.value);
  });
}
