// Keys for those who keep their hands on them: / search, j k rows, n N Enter marks, ? help.

const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

const step = (selector, current, by) => {
  const all = [...document.querySelectorAll(selector)];
  if (!all.length) return null;
  const at = all.indexOf(current);
  return all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)];
};

let mark = null;

// The button that leads to the next marked word, and tells which one it is and of how many.
const nextMark = document.querySelector("[data-next-mark]");

const tellMark = () => {
  const all = [...document.querySelectorAll(".article mark")];
  if (!nextMark || !all.length) return;
  const told = nextMark.firstElementChild;
  const text = mark ? told.dataset.one : told.dataset.all;
  told.textContent = text.replace("{number}", all.indexOf(mark) + 1).replace("{total}", all.length);
  nextMark.hidden = false;
};

const toMark = (by) => {
  mark = step(".article mark", mark, by);
  if (!mark) return;
  tellMark();
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

tellMark();
nextMark?.addEventListener("click", () => toMark(1));

const actions = {
  "/": () => {
    const box = document.querySelector("[data-search-box]");
    box?.focus();
    box?.select();
  },
  j: () => toRow(1),
  k: () => toRow(-1),
  Enter: () => toMark(1), // on a marked word only: see below
  n: () => toMark(1),
  N: () => toMark(-1),
  "?": () => document.getElementById("keys-help")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "Enter" && event.target !== mark) return; // links and buttons keep it
  const action = actions[event.key];
  if (!action || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  action();
});
