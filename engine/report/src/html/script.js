"use strict";
const said = document.getElementById("said");
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener("click", () => {
    const code = button.parentElement.querySelector("code");
    const done = () => {
      button.textContent = "Copied";
      said.textContent = "Copied.";
      setTimeout(() => { button.textContent = label; said.textContent = ""; }, 2000);
    };
    const byHand = () => {
      getSelection().selectAllChildren(code);
      if (document.execCommand("copy")) { done(); }
    };
    if (navigator.clipboard) { navigator.clipboard.writeText(code.textContent).then(done, byHand); } else { byHand(); }
  });
}
for (const head of document.querySelectorAll("table.sortable th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sort";
  button.textContent = head.textContent;
  head.replaceChildren(button);
  const column = head.cellIndex;
  button.addEventListener("click", () => {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentElement.cells) { other.removeAttribute("aria-sort"); }
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const body = head.closest("table").tBodies[0];
    const text = (row) => row.cells[column].textContent;
    const rows = [...body.rows].sort((a, b) => text(a).localeCompare(text(b), "en", { numeric: true }));
    body.append(...(down ? rows.reverse() : rows));
  });
}
const filter = document.getElementById("attempts-filter");
if (filter) {
  filter.closest("p").hidden = false;
  const rows = [...filter.closest("details").querySelectorAll("tbody tr")];
  const shown = document.getElementById("attempts-shown");
  filter.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(" ");
    const hides = (row) => !words.every((word) => row.textContent.toLowerCase().includes(word));
    for (const row of rows) { row.hidden = hides(row); }
    shown.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} lines`;
  });
}
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details:not([open])")];
  for (const one of opened) { one.open = true; }
});
addEventListener("afterprint", () => {
  for (const one of opened) { one.open = false; }
});
