// Bars that do not fit stand scrolled to the highest of them, where there is most to see, and begin
// with a whole bar; where little is left after them, the last label is shown too.

// A window made narrower, or a phone that is turned, can be the first to have no room for them.
const watch = new ResizeObserver((entries) => {
  for (const { target: frame } of entries) {
    // The table's own width: what is added for scrolling must not decide whether it scrolls.
    const scrolls = frame.firstElementChild.offsetWidth > frame.clientWidth;
    if (scrolls && !frame.classList.contains("scrolls")) showHighest(frame);
    if (!scrolls) frame.classList.remove("scrolls");
    hideCut(frame);
  }
});

for (const frame of document.querySelectorAll(".bars-frame")) {
  frame.addEventListener("scroll", () => settle(frame), { passive: true });
  watch.observe(frame);
}

function showHighest(frame) {
  frame.classList.add("scrolls");
  const columns = [...frame.querySelectorAll("thead th")];
  const heights = [...frame.querySelectorAll(".bar")].map((bar) => [bar.offsetHeight, bar]);
  const [, highest] = heights.reduce((best, one) => (one[0] >= best[0] ? one : best), [0, null]);
  if (!highest) return;
  const last = columns[columns.length - 1];
  const end = last.offsetLeft + last.offsetWidth - frame.clientWidth;
  const middle = highest.closest("td").offsetLeft - frame.clientWidth / 2;
  const near = end - middle < last.offsetWidth * 1.5;
  const first = near
    ? columns.find((column) => column.offsetLeft >= end)
    : columns.findLast((column) => column.offsetLeft <= middle);
  frame.scrollLeft = first ? first.offsetLeft : 0;
  settle(frame);
}

function settle(frame) {
  holdGroups(frame);
  hideCut(frame);
}

// A label wider than its bar can reach over the edge of the frame: half a year is none.
function hideCut(frame) {
  const { left, right } = frame.getBoundingClientRect();
  const labels = [...frame.querySelectorAll("thead th > span[aria-hidden]")];
  const cut = labels.map((label) => {
    const box = label.getBoundingClientRect();
    return box.left < left - 1 || box.right > right + 1;
  });
  labels.forEach((label, at) => (label.style.visibility = cut[at] ? "hidden" : ""));
}

// The year or month that a scrolled-off bar began stays in sight under the first that is seen.
function holdGroups(frame) {
  const groups = [...frame.querySelectorAll("thead th:not(.ends) b")];
  const starts = groups.map((group) => group.parentElement.offsetLeft);
  groups.forEach((group, at) => {
    const beyond = frame.scrollLeft - starts[at];
    const room = (starts[at + 1] ?? Infinity) - starts[at] - group.scrollWidth - 4;
    const moved = Math.min(beyond, room);
    group.style.translate = beyond > 0 && moved > 0 ? `${moved}px` : "";
  });
}
