// The rule cards of a case, to be looked up before and during the conversation.

import { make, ownText, paragraphs } from "./element.js";

/** The house's own cards with their text, and links to the cards of the book; null for a case without any. */
export function ruleCards({ words, bundle, text }) {
  const house = Object.entries(text.house_rules ?? {});
  const book = bundle.rules ?? [];
  if (!house.length && !book.length) return null;
  return make(
    "details",
    { class: "tk-details tk-rules" },
    make("summary", {}, words.ruleCards(house.length + book.length)),
    make(
      "div",
      {},
      house.map(([code, card]) => houseCard(words, bundle, code, card)),
      book.length > 0 && [
        make("p", { class: "tk-rules-title" }, words.rulesOfBook),
        make(
          "ul",
          {},
          book.map((code) => make("li", {}, bookCard(bundle, code))),
        ),
      ],
    ),
  );
}

function houseCard(words, bundle, code, { title, text }) {
  const own = ownText(bundle);
  const date = bundle.rule_dates?.[code];
  return make(
    "div",
    { class: "tk-rule", "data-rule": code },
    make(
      "p",
      { class: "tk-rule-title" },
      make("span", { class: "tk-rule-code" }, code),
      " ",
      make("strong", own, title),
      date && make("span", { class: "tk-quiet" }, ` · ${words.since(date)}`),
    ),
    paragraphs(text, own),
  );
}

function bookCard(bundle, code) {
  const title = bundle.rule_titles?.[code];
  const name = title ? `${code} ${title}` : code;
  const address = bundle.rule_links?.[code];
  return address ? make("a", { href: address }, name) : name;
}
