// Decides by key: a merges, r rejects, l puts off, u undoes. The buttons do the same without it.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const target = event.target;
  if (target.isContentEditable || /^(textarea|select)$/i.test(target.tagName)) return;
  if (target.tagName === "INPUT" && target.type !== "radio") return;
  const button = document.querySelector(`.queue button[data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});
