// Names the fields that the admin shows without a label: in tables, in choices that complete, in search.

const words = document.getElementById("labels-script").dataset;
const text = (element) => element?.textContent.trim().replace(/\s+/g, " ") ?? "";

// What a heading says beside its own text, such as a help icon, is no part of the name.
function nameCells(table) {
  const heads = [...table.querySelectorAll("thead th")].map(text);
  for (const row of table.querySelectorAll("tbody tr.form-row")) {
    const about = text(row.querySelector("td.original p"));
    [...row.cells].forEach((cell, column) => {
      for (const field of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) {
        if (field.labels?.length || !heads[column]) continue;
        field.setAttribute("aria-label", about ? `${heads[column]}: ${about}` : heads[column]);
      }
    });
  }
}

function nameHeads(table) {
  for (const head of table.querySelectorAll("thead th")) {
    if (text(head)) continue;
    const hidden = document.createElement("span");
    hidden.className = "visually-hidden";
    hidden.textContent = head.classList.contains("original") ? words.row : words.more;
    head.append(hidden);
  }
}

// The box that select2 draws has no name while nothing is chosen.
function nameChoices(root) {
  for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
    const name = select.getAttribute("aria-label") || text(select.labels?.[0]);
    const box = select.nextElementSibling;
    if (!name || !box?.classList.contains("select2")) continue;
    for (const part of box.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
      part.setAttribute("aria-label", name);
    }
  }
}

document.getElementById("searchbar")?.setAttribute("aria-label", words.search);
for (const table of document.querySelectorAll(".tabular table")) {
  nameHeads(table);
  nameCells(table);
}
nameChoices(document);

document.addEventListener("formset:added", (event) => {
  const table = event.target.closest("table");
  if (table) nameCells(table);
});
// When select2 draws is its own affair: whatever it adds to the page is named then.
new MutationObserver(() => nameChoices(document)).observe(document.body, {
  childList: true,
  subtree: true,
});
