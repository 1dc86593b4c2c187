// Bars that do not fit stand scrolled to the highest of them, where there is most to see.

for (const frame of document.querySelectorAll(".bars-frame")) {
  if (frame.scrollWidth <= frame.clientWidth) continue;
  const heights = [...frame.querySelectorAll(".bar")].map((bar) => [bar.offsetHeight, bar]);
  const [, highest] = heights.reduce((best, one) => (one[0] >= best[0] ? one : best), [0, null]);
  if (highest) frame.scrollLeft = highest.parentElement.parentElement.offsetLeft - frame.clientWidth / 2;
}
