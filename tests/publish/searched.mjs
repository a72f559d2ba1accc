// Searches in a built edition with the page's own script: reads queries from standard input, writes what they find.
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";

const [finder, index] = process.argv.slice(2);
runInThisContext(readFileSync(finder, "utf8"));
runInThisContext(readFileSync(index, "utf8"));
const search = runInThisContext("trustkitSearch");
const pages = search.prepare(runInThisContext("trustkitSearchIndex"));
const queries = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(queries.map((query) => {
  const { words, hits } = search.find(pages, query);
  return hits.map(({ page, part, found }) => ({
    address: page.address,
    anchor: part.anchor,
    title: page.title,
    all: found === words.length,
    line: search.line(part, words),
  }));
})));
