// Says before sending that an upload is too large; the server checks again.
const form = document.getElementById("upload");
const input = form.querySelector("input[type=file]");
const largest = Number(form.dataset.largest);
const most = Number(form.dataset.most);

function check() {
  const files = Array.from(input.files);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  let problem = "";
  if (files.length > most) {
    problem = form.dataset.tooMany;
  } else if (size > largest) {
    problem = form.dataset.tooLarge;
  }
  input.setCustomValidity(problem);
  return problem === "";
}

input.addEventListener("change", () => { check(); input.reportValidity(); });
form.addEventListener("submit", (event) => {
  if (!check()) {
    event.preventDefault();
    input.reportValidity();
  }
});
