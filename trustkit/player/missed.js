// What a better choice would have done where an attempt lost something: a small summary for the case room.

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

function strengthsOf(play, position, index) {
  const strengths = new Map();
  for (const [behaviour, strength] of play.behavioursOf(position, index)) {
    const { id } = play.behaviours[behaviour];
    strengths.set(id, (strengths.get(id) ?? 0) + strength);
  }
  return strengths;
}
