// Prints one part of a page alone, whatever stands around it: a book page, a notebook, a learning platform.

const PRINTING = "tk-printing";
const SHOWN = "tk-printed";
const AROUND = "tk-around-printed";

/** Open the browser's print dialogue for `part` and nothing else of the page; afterwards all is as before. */
export function printOnly(part) {
  const around = [];
  for (let node = part.parentElement; node && node !== document.documentElement; node = node.parentElement)
    around.push(node);
  document.documentElement.classList.add(PRINTING);
  part.classList.add(SHOWN);
  for (const node of around) node.classList.add(AROUND);
  window.addEventListener(
    "afterprint",
    () => {
      document.documentElement.classList.remove(PRINTING);
      part.classList.remove(SHOWN);
      for (const node of around) node.classList.remove(AROUND);
    },
    { once: true },
  );
  window.print();
}
