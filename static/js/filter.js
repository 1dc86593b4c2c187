// Narrows the list of names while one types; the form asks the server for the whole archive.

// Accents make no difference, but å, ä, ö are letters of their own: å is not a.
const plain = (text) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^åäö]/gu, (letter) => letter.normalize("NFKD").replace(/\p{M}/gu, ""));

// The name with the spellings beside it, without its number of articles.
const written = (row) =>
  [...row.childNodes]
    .filter((part) => !part.classList?.contains("n"))
    .map((part) => part.textContent)
    .join("");

for (const input of document.querySelectorAll("input[data-filter]")) {
  const list = document.querySelector(input.dataset.filter);
  if (!list) continue;
  const rows = [...list.children].map((row) => ({
    row,
    name: row.querySelector("a") ? plain(written(row)) : null,
  }));
  input.addEventListener("input", () => {
    const wanted = plain(input.value.trim());
    for (const { row, name } of rows) {
      row.hidden = name === null ? wanted !== "" : !name.includes(wanted);
    }
  });
}
