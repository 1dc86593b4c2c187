// Keys for those who keep their hands on them: / search, j k rows, n N marks, ? help.

const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

const step = (selector, current, by) => {
  const all = [...document.querySelectorAll(selector)];
  if (!all.length) return null;
  const at = all.indexOf(current);
  return all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
};

let mark = null;

const toMark = (by) => {
  mark = step(".article mark", mark, by);
  if (!mark) return;
  mark.tabIndex = -1;
  mark.focus();
  mark.scrollIntoView({ block: "center" });
};

const toRow = (by) => {
  const link = step(".row-headline a", document.activeElement, by);
  if (link) {
    link.focus();
    link.closest(".row").scrollIntoView({ block: "nearest" });
    return;
  }
  document.querySelector(by > 0 ? ".result-nav a[rel=next]" : ".result-nav a[rel=prev]")?.click();
};

const actions = {
  "/": () => {
    const box = document.querySelector("[data-search-box]");
    box?.focus();
    box?.select();
  },
  j: () => toRow(1),
  k: () => toRow(-1),
  n: () => toMark(1),
  N: () => toMark(-1),
  "?": () => document.getElementById("keys-help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const action = actions[event.key];
  if (!action || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  action();
});
