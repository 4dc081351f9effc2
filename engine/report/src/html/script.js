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
