// Shows and hides the names in the text without leaving the place one was reading.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-swap]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const selector of [link.dataset.swap, `#${link.id}`]) {
      document.querySelector(selector).replaceWith(page.querySelector(selector));
    }
    history.replaceState(null, "", link.href);
    document.getElementById(link.id)?.focus();
  } catch {
    location.assign(link.href);
  }
});
