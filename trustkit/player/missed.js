// What an attempt showed, and what a better choice would have done: summaries for the case room and the passport.

/**
 * The behaviours missed in a finished attempt, as {behaviour id: strength}.
 *
 * Each choice that put the best end further away is compared with the one that would have led on best: what helps
 * and was not done, and what hurts and was done, counts with the difference in strength.
 */
export function missedOf(solution, choices) {
  const { play } = solution;
  const positions = play.walk(choices);
  const missed = {};
  choices.forEach((choice, at) => {
    const before = positions[at];
    const chosen = play.indexOf(before, choice);
    const better = solution.bestChoice(before);
    if (chosen === better || solution.regret(before, chosen) <= 0) return;
    const [did, could] = [strengthsOf(play, before, chosen), strengthsOf(play, before, better)];
    for (const { id, sign } of play.behaviours) {
      const short = ((could.get(id) ?? 0) - (did.get(id) ?? 0)) * sign;
      if (short > 0) missed[id] = (missed[id] ?? 0) + short;
    }
  });
  return missed;
}

/** What was done well in a finished attempt, as {behaviour id: strength}: the behaviours that help. */
export function shownIn(play, choices) {
  const positions = play.walk(choices);
  const helps = new Set(play.behaviours.filter(({ sign }) => sign > 0).map(({ id }) => id));
  const shown = {};
  choices.forEach((choice, at) => {
    for (const [id, strength] of strengthsOf(play, positions[at], play.indexOf(positions[at], choice))) {
      if (helps.has(id) && strength > 0) shown[id] = (shown[id] ?? 0) + strength;
    }
  });
  return shown;
}

function strengthsOf(play, position, index) {
  const strengths = new Map();
  for (const [behaviour, strength] of play.behavioursOf(position, index)) {
    const { id } = play.behaviours[behaviour];
    strengths.set(id, (strengths.get(id) ?? 0) + strength);
  }
  return strengths;
}
