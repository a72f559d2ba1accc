/* Shows the button that leads back to the top of a page while one scrolls up. */
(function () {
  "use strict";

  function begin() {
    const button = document.getElementById("pst-back-to-top");
    if (!button) return;
    let last = 0;
    button.addEventListener("click", () => window.scrollTo(0, 0));
    window.addEventListener("scroll", () => {
      button.style.display = window.scrollY > 200 && window.scrollY < last ? "block" : "none";
      last = window.scrollY;
    }, { passive: true });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
