// Completes what is typed in the search box: an ARIA combobox. Without script the box is a box.

const box = document.querySelector("[data-search-box]");
const address = box?.dataset.complete;
const WAIT = 80;

if (box && address) {
  const list = document.createElement("ul");
  list.id = `${box.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.completeLabel);
  list.hidden = true;
  box.closest("form").append(list);
  Object.entries({
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": list.id,
  }).forEach(([name, value]) => box.setAttribute(name, value));

  let timer = 0;
  let asked = 0;
  let at = -1;
  let typed = box.value;

  const options = () => [...list.children];

  const close = () => {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };

  const choose = (place) => {
    const all = options();
    at = place;
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === at)));
    if (at < 0) {
      box.removeAttribute("aria-activedescendant");
      box.value = typed;
      return;
    }
    box.setAttribute("aria-activedescendant", all[at].id);
    box.value = all[at].dataset.query;
    all[at].scrollIntoView({ block: "nearest" });
  };

  const show = (suggestions) => {
    list.replaceChildren(
      ...suggestions.map((one, number) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${number}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        option.dataset.query = one.query;
        const label = document.createElement("span");
        label.textContent = one.label;
        const kind = document.createElement("span");
        kind.className = "kind";
        kind.textContent = one.count === null ? one.kind_label : `${one.kind_label} · ${one.count.toLocaleString(document.documentElement.lang)}`;
        option.append(label, kind);
        return option;
      }),
    );
    at = -1;
    list.hidden = suggestions.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    box.removeAttribute("aria-activedescendant");
  };

  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const { suggestions } = await answer.json();
      if (mine === asked && document.activeElement === box) show(suggestions);
    } catch {
      if (mine === asked) close();
    }
  };

  const take = (option) => {
    box.value = option.dataset.query;
    typed = box.value;
    close();
    // A field waits for its value; anything else is what one was looking for.
    if (box.value.endsWith(":")) {
      box.focus();
      ask();
    } else {
      box.form.requestSubmit();
    }
  };

  box.addEventListener("input", () => {
    typed = box.value;
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });

  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      choose(-1);
      close();
      return;
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") {
      if (event.key === "Enter" && !list.hidden && at >= 0) {
        event.preventDefault();
        take(options()[at]);
      }
      return;
    }
    const size = list.hidden ? 0 : options().length;
    if (!size) {
      if (event.key === "ArrowDown" && box.value.trim()) ask();
      return;
    }
    event.preventDefault();
    const step = event.key === "ArrowDown" ? 1 : -1;
    choose(((at + 1 + step + size + 1) % (size + 1)) - 1);
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  box.addEventListener("blur", close);
}
