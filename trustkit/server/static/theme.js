// The pages beside the book are as light or dark as the reader has set the book.
const mode = localStorage.getItem("mode");
if (mode === "light" || mode === "dark") document.documentElement.dataset.theme = mode;
