"use strict";
const said = document.getElementById("said");
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const code = button.parentElement.querySelector("code");
    const done = () => {
      button.textContent = "Copied";
      said.textContent = "The command is copied.";
      setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 2000);
    };
    const byHand = () => {
      getSelection().selectAllChildren(code);
      if (document.execCommand("copy")) { done(); }
    };
    if (navigator.clipboard) { navigator.clipboard.writeText(code.textContent).then(done, byHand); } else { byHand(); }
  });
}
