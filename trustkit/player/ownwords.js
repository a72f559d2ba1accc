// One turn of a case where a trainee may write the answer first, and then chooses the one nearest to it.

import { freshId, make } from "./element.js";
import { blockOf } from "./panelblocks.js";
import { panelWordsFor } from "./panelwords.js";
import { cannotRun } from "./python.js";

const LONGEST = 2000;

/**
 * The place to write in. `done(text)` is called once, with "" where the trainee prefers to choose at once;
 * `keep(text)` on every change, so that nothing written is lost; `look(text)` shows what a checker finds in the
 * words, or is missing where no checker can run.
 */
export function ownWords({ words, draft, done, keep, look }) {
  const id = freshId("own-words");
  const area = make("textarea", { id, class: "tk-own-words", rows: 5, maxlength: LONGEST, dir: "auto" });
  area.value = draft;
  const found = make("div", { class: "tk-own-words-found tk-panel", role: "status" });
  const compare = make(
    "button",
    { type: "button", class: "tk-own-words-done tk-primary", onclick: () => finish(area.value.trim()) },
    words.ownWordsDone,
  );
  const settle = () => {
    compare.disabled = !area.value.trim();
  };
  area.addEventListener("input", () => {
    keep(area.value);
    settle();
  });
  settle();
  const root = make(
    "div",
    { class: "tk-own-words-box" },
    make("label", { for: id }, words.ownWordsAsk),
    make("p", { class: "tk-quiet" }, words.ownWordsHint),
    area,
    make(
      "div",
      { class: "tk-actions" },
      compare,
      look &&
        make(
          "button",
          {
            type: "button",
            class: "tk-own-words-look tk-secondary",
            onclick: () => area.value.trim() && look(area.value, found),
          },
          words.ownWordsLook,
        ),
      make(
        "button",
        { type: "button", class: "tk-own-words-skip tk-secondary", onclick: () => finish("") },
        words.ownWordsSkip,
      ),
    ),
    found,
  );

  function finish(text) {
    root.remove();
    done(text);
  }

  return { root, area };
}

/** Show in `place` what the reply checker finds in a text: presence only, never points. */
export async function lookAtWords({ python, words, text, place, lang }) {
  const panel = panelWordsFor(lang);
  const refusal = python.loads ? cannotRun() : null;
  if (refusal) {
    place.replaceChildren(make("p", { class: "tk-notice" }, panel.cannot[refusal]));
    return;
  }
  const bar = make("progress", { class: "tk-bar", "aria-label": panel.loading });
  const size = make("p", { class: "tk-quiet" });
  const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
  place.replaceChildren(make("p", { class: "tk-quiet" }, panel.loading), bar, size);
  place.scrollIntoView({ block: "nearest" });
  try {
    await python.start(({ loaded, total }) => {
      bar.max = total;
      bar.value = loaded;
      size.textContent = panel.loadedOf(megabytes(loaded), megabytes(total));
    });
    const steps = [{ form: "reply", values: { reply: text } }];
    const answer = await python.ask({ kind: "checker", id: "reply", lang, seed: 0, steps });
    const found = answer.blocks?.find(({ block }) => block === "findings");
    const heading = (words_) => make("p", { class: "tk-question" }, words_);
    if (found) {
      place.replaceChildren(
        blockOf(found, { words: panel, heading }),
        make("p", { class: "tk-quiet" }, words.ownWordsPresence),
      );
    } else place.replaceChildren(make("p", { class: "tk-notice tk-problem" }, answer.problem ?? answer.fault));
    place.scrollIntoView({ block: place.offsetHeight > 0.6 * window.innerHeight ? "start" : "nearest" });
  } catch (error) {
    place.replaceChildren(make("p", { class: "tk-notice tk-problem" }, panel.loadFailed(error.message)));
  }
}

/** What the trainee wrote, to be compared with the answers below it. */
export function whatYouWrote(words, text) {
  return make(
    "div",
    { class: "tk-own-words-kept" },
    make("p", { class: "tk-question" }, words.ownWordsCompare),
    make("blockquote", { dir: "auto" }, text),
  );
}
