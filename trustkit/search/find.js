/* Finds words in the texts of the pages, in English and in Chinese. Knows nothing of the page it runs in. */
const trustkitSearch = (() => {
  "use strict";

  // What a hit is worth, by where it stands.
  const TITLE = 100;
  const HEADING = 30;
  const TERM = 20;
  const TEXT = 1;
  // And by how it fits: the word itself, a longer word that begins with it, a word of the same stem.
  const WHOLE = 1;
  const BEGUN = 0.7;
  const STEM = 0.5;
  // A text that says a word more often than this is not more about it.
  const ENOUGH = 5;
  const BEFORE = { latin: 60, han: 24 };
  const LENGTH = { latin: 180, han: 80 };

  const HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff";
  const RUN = new RegExp(`[${HAN}]+|\\d+(?:\\.\\d+)+|[^\\s\\p{P}\\p{S}${HAN}]+(?:'[^\\s\\p{P}\\p{S}${HAN}]+)*`, "gu");
  const FIRST_HAN = new RegExp(`^[${HAN}]`);
  const LETTER = new RegExp(`[\\p{L}\\p{N}]`, "u");
  const ACCENTED = /[\u00c0-\u024f\u2018\u2019\uff01-\uff5e]/g;

  /** Return a text in small letters, without accents and full-width forms, every character at its old place. */
  function fold(text) {
    const low = text.toLowerCase();
    const same = low.length === text.length ? low : [...text].map((one) => one.toLowerCase().slice(0, one.length)).join("");
    return same.replace(ACCENTED, (one) => (one === "\u2018" || one === "\u2019" ? "'" : one.normalize("NFKD")[0].toLowerCase()));
  }

  /** Return what an English word begins with in all its forms; the word itself where it is too short to tell. */
  function stemOf(word) {
    if (!/^[a-z']{4,}$/.test(word)) return word;
    const bare = word.replace(/'s?$/, "");
    if (bare.endsWith("ss")) return bare;
    const stem = bare.replace(/(?:ies|ied|ying|ing|ed|es|ly|s|e|y)$/, "").replace(/([bdglmnprt])\1$/, "$1");
    return stem.length < 3 ? bare : stem;
  }

  /** Return the pairs of a Chinese run, one every `step` characters, the last one in any case. */
  function pairsOf(text, step) {
    const pairs = [];
    for (let at = 0; at + 2 < text.length; at += step) pairs.push(text.slice(at, at + 2));
    if (text.length > 2) pairs.push(text.slice(-2));
    return [...new Set(pairs)];
  }

  /** Return the words of a query: each with its stem, or a run of Chinese with its pairs of neighbours. */
  function wordsOf(query) {
    const words = [];
    for (const text of fold(query).match(RUN) || []) {
      if (words.some((word) => word.text === text)) continue;
      if (!FIRST_HAN.test(text)) {
        words.push({ text, stem: stemOf(text), pairs: [] });
        continue;
      }
      words.push({ text, han: true, pairs: pairsOf(text, 2) });
    }
    // A letter among other words is meant as it stands; alone, it is the beginning of a word.
    if (words.length > 1) for (const word of words) word.exact = !word.han && word.text.length === 1;
    return words;
  }

  /** Call `note(start, end, fit)` for each place where a folded text has a word, until it returns true. */
  function places(text, word, note) {
    if (word.han) {
      for (const piece of text.includes(word.text) ? [word.text] : word.pairs) {
        const fit = piece === word.text ? WHOLE : STEM;
        for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + piece.length)) {
          if (note(at, at + piece.length, fit)) break;
        }
      }
      return;
    }
    const piece = word.stem;
    for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1)) {
      if (at && LETTER.test(text[at - 1]) && !FIRST_HAN.test(text[at - 1])) continue;
      let end = at + piece.length;
      while (end < text.length && LETTER.test(text[end]) && !FIRST_HAN.test(text[end])) end += 1;
      const whole = text.slice(at, end);
      // The stem of "care" is the beginning of "carpet" as well: only its own endings may follow it.
      const fit = whole === word.text ? WHOLE : word.exact ? 0 : whole.startsWith(word.text) ? BEGUN : stemOf(whole) === piece ? STEM : 0;
      if (fit && note(at, end, fit)) return;
      at = end - 1;
    }
  }

  /** Return how well a folded text has a word: 0 not at all; the more often up to `ENOUGH`, the more. */
  function worth(text, word) {
    let best = 0;
    let count = 0;
    if (word.han && !text.includes(word.text)) {
      // Without the run as it was typed, all its words must be there; most words have two characters.
      return word.pairs.length && word.pairs.every((pair) => text.includes(pair)) ? STEM : 0;
    }
    places(text, word, (start, end, fit) => {
      best = Math.max(best, fit);
      count += 1;
      return count === ENOUGH;
    });
    return best && best * (1 + (count - 1) / ENOUGH);
  }

  /**
   * Make an index ready: fold every text once.
   * @param {{groups: string[], pages: Array}} index pages as [address, title, group, is a term, [[anchor, heading, text]]].
   */
  function prepare(index) {
    return index.pages.map(([address, title, group, term, parts]) => ({
      address,
      title,
      group: index.groups[group],
      titleWorth: term ? TERM : TITLE,
      foldedTitle: fold(title),
      parts: parts.map(([anchor, heading, text]) => ({
        anchor, heading, text, foldedHeading: fold(heading), foldedText: fold(text),
      })),
    }));
  }

  /** Return a page's hit for these words, or null: how many it has, what that is worth, and its best part. */
  function judge(page, words, whole) {
    const partWorth = page.parts.map(() => 0);
    let found = 0;
    let score = 0;
    for (const word of words) {
      let best = Math.min(worth(page.foldedTitle, word), 1) * page.titleWorth;
      page.parts.forEach((part, at) => {
        const here = Math.min(worth(part.foldedHeading, word), 1) * HEADING + worth(part.foldedText, word) * TEXT;
        partWorth[at] += here;
        if (here > best) best = here;
      });
      if (best) found += 1;
      score += best;
    }
    if (!found) return null;
    let at = 0;
    partWorth.forEach((value, other) => {
      if (value > partWorth[at]) at = other;
    });
    // The words in one place, in this order, are worth more than the same words far apart.
    if (page.foldedTitle === whole) score += page.titleWorth;
    else if (words.length > 1 && page.foldedTitle.includes(whole)) score += page.titleWorth / 2;
    score += partWorth[at] / 10;
    return { page, part: page.parts[at], found, score };
  }

  /**
   * Return the pages that have all words of a query, the best first; where none has, those that have the most.
   * A run of Chinese that stands nowhere as it was typed is looked for by its pairs.
   */
  function find(pages, query) {
    const whole = fold(query).trim().replace(/\s+/g, " ");
    let words = wordsOf(query);
    if (!words.length) return { words, hits: [] };
    let hits = pages.map((page) => judge(page, words, whole)).filter(Boolean);
    if (!hits.length && words.some((word) => word.pairs.length)) {
      words = words.flatMap((word) =>
        word.pairs.length ? pairsOf(word.text, 1).map((text) => ({ text, han: true, pairs: [] })) : [word]);
      hits = pages.map((page) => judge(page, words, whole)).filter(Boolean);
    }
    const most = hits.reduce((top, hit) => Math.max(top, hit.found), 0);
    // With only some of the words, a page must at least have half of them.
    const kept = hits.filter((hit) => (most === words.length ? hit.found === most : hit.found * 2 >= most));
    kept.sort((one, other) => other.found - one.found || other.score - one.score);
    return { words, hits: kept };
  }

  /** Return a text as pieces, [text, is marked], with the words of a query marked. */
  function marked(text, words) {
    const folded = fold(text);
    const spans = [];
    for (const word of words) places(folded, word, (start, end) => void spans.push([start, end]));
    spans.sort((one, other) => one[0] - other[0]);
    const pieces = [];
    let done = 0;
    for (const [start, end] of spans) {
      if (end <= done) continue;
      const from = Math.max(start, done);
      if (from > done) pieces.push([text.slice(done, from), false]);
      pieces.push([text.slice(from, end), true]);
      done = end;
    }
    if (done < text.length) pieces.push([text.slice(done), false]);
    return pieces;
  }

  /** Return a line of a part around the place where most of the words stand, as pieces. */
  function line(part, words) {
    const script = new RegExp(`[${HAN}]`).test(part.text.slice(0, 200)) ? "han" : "latin";
    const starts = [];
    words.forEach((word, which) => {
      let count = 0;
      places(part.foldedText, word, (start) => {
        starts.push([start, which]);
        count += 1;
        return count === 20;
      });
    });
    starts.sort((one, other) => one[0] - other[0]);
    let first = 0;
    let most = 0;
    starts.forEach(([start], at) => {
      const near = new Set();
      for (let next = at; next < starts.length && starts[next][0] < start + LENGTH[script] - BEFORE[script]; next += 1) {
        near.add(starts[next][1]);
      }
      if (near.size > most) [first, most] = [start, near.size];
    });
    let from = Math.max(0, first - BEFORE[script]);
    let to = Math.min(part.text.length, from + LENGTH[script]);
    // No English word is cut in two.
    const cut = (at) => at > 0 && at < part.text.length && /^[\w’'-]{2}$/.test(part.text.slice(at - 1, at + 1));
    while (from < first && cut(from)) from += 1;
    while (to > first + 20 && cut(to)) to -= 1;
    const pieces = marked(part.text.slice(from, to), words);
    if (from > 0) pieces.unshift(["… ", false]);
    if (to < part.text.length) pieces.push([" …", false]);
    return pieces;
  }

  return { prepare, find, marked, line };
})();
