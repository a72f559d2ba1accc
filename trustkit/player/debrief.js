// Tells an attempt's story, in the same form as trustkit/cases/debrief.py: scores, states, turning point, what else.

/** What can be read off a position: gauges in thousandths of a point, minutes, counts. */
export function gaugesOf(play, position) {
  const [distributive, procedural, interactional, , , , cognitive, affective, social, anger, failures] =
    position.customer;
  return {
    trust: play.trust(position),
    satisfaction: play.satisfaction(position),
    anger,
    cognitive,
    affective,
    social,
    distributive,
    procedural,
    interactional,
    minutes: position.minutes,
    clock: position.clock,
    failures,
    broken: position.broken,
  };
}

/** The codes of the red lines crossed so far, in the order of the closed list. */
export function redLinesOf({ structure }, position) {
  return structure.red_lines.filter((_, index) => (position.red_lines >> index) & 1).map(({ id }) => id);
}

/** What an attempt comes to: the `result` of its record. `positions` must reach an ending. */
export function resultOf(play, positions) {
  const last = positions.at(-1);
  return {
    ending: play.structure.endings[play.ending(last)].id,
    conduct: play.conduct(last),
    outcome: play.outcome(last),
    passed: play.passed(last),
    red_lines: redLinesOf(play, last),
  };
}

/** The part of the story that needs no solution: result, bars, closing line and the state turn by turn. */
export function summaryOf(play, positions) {
  const last = positions.at(-1);
  return {
    ...resultOf(play, positions),
    closing: [play.scenes[last.scene].id, play.line(last)],
    bars: play.conductBars(last),
    gauges: positions.map((position) => gaugesOf(play, position)),
  };
}

/** The whole story of a finished attempt; `choices` are the ids of its choices in order. */
export async function debriefOf(solution, choices) {
  const { play } = solution;
  const positions = play.walk(choices);
  const turns = choices.map((choice, at) => turnOf(solution, positions[at], positions[at + 1], choice));
  const acceptable = await solution.acceptablePath();
  return {
    ...summaryOf(play, positions),
    turning_point: turningPoint(turns),
    turns,
    best_path: solution.bestPath().choices,
    acceptable_path: acceptable ? acceptable.choices : [],
  };
}

function turnOf(solution, before, after, choice) {
  const { play } = solution;
  const scene = play.scenes[before.scene];
  const chosen = play.indexOf(before, choice);
  const behaviours = play
    .behavioursOf(before, chosen)
    .map(([behaviour, strength]) => [play.behaviours[behaviour].id, strength]);
  if (after.broken > before.broken) behaviours.push(["broken-promise", after.broken - before.broken]);
  const revealed = after.facts & ~before.facts;
  return {
    scene: scene.id,
    line: play.line(before),
    choice,
    behaviours,
    trust: play.trust(after) - play.trust(before),
    regret: solution.regret(before, chosen),
    best: solution.bestOutcome(after),
    red_line: redLineOf(play, scene.choices[chosen]),
    revealed: play.structure.facts.filter((_, bit) => (revealed >> bit) & 1),
    instead: play
      .choices(before)
      .filter((index) => index !== chosen)
      .map((index) => insteadOf(solution, before, index)),
  };
}

function insteadOf(solution, before, index) {
  const { play } = solution;
  const after = play.step(before, index);
  const choice = play.scenes[before.scene].choices[index];
  return {
    choice: choice.id,
    scene: play.scenes[after.scene].id,
    line: play.line(after),
    trust: play.trust(after) - play.trust(before),
    best: solution.bestOutcome(after),
    regret: solution.regret(before, index),
    red_line: redLineOf(play, choice),
  };
}

function redLineOf({ structure }, choice) {
  return choice.red_line >= 0 ? structure.red_lines[choice.red_line].id : "";
}

function turningPoint(turns) {
  const most = (quantity) =>
    turns.reduce((at, turn, i) => (turn[quantity] > turns[at][quantity] ? i : at), 0);
  const regretted = most("regret");
  return turns[regretted].regret > 0 ? regretted : most("trust");
}
