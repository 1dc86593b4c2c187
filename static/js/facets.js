// On wide pages the facets always stand open. Style does that where browsers know how; here for others.

const fold = document.querySelector(".facets-fold");
if (fold && !CSS.supports("selector(::details-content)")) {
  const wide = matchMedia("(min-width: 60rem)");
  const unfold = () => {
    if (wide.matches) fold.open = true;
  };
  unfold();
  wide.addEventListener("change", unfold);
}
