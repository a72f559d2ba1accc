// Solves a compiled case exactly, in slices of time, with the same results as trustkit/cases/solve.py.

const MOST_POSITIONS = 100_000;
const SLICE_MS = 12;

/** The case has more reachable positions than the bound. */
export class TooManyPositions extends Error {}

/** One reachable position with its steps, [choice index, node] each, and what is still reachable from it. */
class Reached {
  constructor(position) {
    this.position = position;
    this.steps = [];
    this.bestRaw = 0;
    this.bestKey = null;
    this.bestStep = -1;
  }

  after(index) {
    return this.steps.find(([choice]) => choice === index)[1];
  }
}

/** Everything that is known about a compiled case once each reachable position was visited. */
export class Solution {
  constructor(play, root, nodes, order, worstRaw, bestRaw) {
    this.play = play;
    this.root = root;
    this.nodes = nodes;
    this.order = order;
    this.worstRaw = worstRaw;
    this.bestRaw = bestRaw;
  }

  /** The number of reachable positions. */
  get positions() {
    return this.nodes.size;
  }

  /** The best outcome, 0 to 100, that is still reachable from a position. */
  bestOutcome(position) {
    return this.play.scaled(this.nodes.get(keyOf(position)).bestRaw);
  }

  /** What a choice costs: the best outcome still reachable before it minus after it. */
  regret(position, index) {
    const node = this.nodes.get(keyOf(position));
    return this.play.scaled(node.bestRaw) - this.play.scaled(node.after(index).bestRaw);
  }

  /** The choice that leads on best from a position: to passing where that is still possible. */
  bestChoice(position) {
    return this.nodes.get(keyOf(position)).bestStep;
  }

  /** The best path: passing where that is possible, then highest outcome, then conduct. */
  bestPath() {
    return this.follow((node) => node.bestStep);
  }

  /** The passing path that has least in common with the best path, or null where there is no other. */
  async acceptablePath(pause = pacer()) {
    const best = this.bestSteps();
    const found = new Map();
    for (const node of this.order) {
      await pause();
      let option = null;
      if (!node.steps.length) {
        if (this.play.passed(node.position)) {
          option = [0, -this.play.rawOutcome(node.position), -this.play.conduct(node.position), -1];
        }
      }
      for (const [index, child] of node.steps) {
        const ahead = found.get(child);
        if (!ahead) continue;
        const shared = best.has(`${node.position.scene} ${this.choiceId(node, index)}`) ? 1 : 0;
        const candidate = [ahead[0] + shared, ahead[1], ahead[2], index];
        if (!option || compareLists(candidate, option) < 0) option = candidate;
      }
      if (option) found.set(node, option);
    }
    if (!found.has(this.root)) return null;
    const path = this.follow((node) => found.get(node)[3]);
    return path.choices.join() === this.bestPath().choices.join() ? null : path;
  }

  bestSteps() {
    const steps = new Set();
    for (let node = this.root; node.steps.length; node = node.after(node.bestStep)) {
      steps.add(`${node.position.scene} ${this.choiceId(node, node.bestStep)}`);
    }
    return steps;
  }

  follow(stepOf) {
    const choices = [];
    let node = this.root;
    while (node.steps.length) {
      const index = stepOf(node);
      choices.push(this.choiceId(node, index));
      node = node.after(index);
    }
    return { choices, end: node.position };
  }

  choiceId({ position }, index) {
    return this.play.scenes[position.scene].choices[index].id;
  }
}

/**
 * Visit every reachable position and work out what can still be reached from each. The page is never
 * held for more than about a slice at a time; `signal` (an AbortSignal) stops the work.
 */
export async function solve(play, { signal = null } = {}) {
  const pause = pacer(signal);
  const root = new Reached(play.start());
  const nodes = new Map([[keyOf(root.position), root]]);
  const byClock = new Map();
  const waiting = [root];
  let [worst, bestClean, bestAny] = [Infinity, -Infinity, -Infinity];
  while (waiting.length) {
    await pause();
    const node = waiting.pop();
    const { clock, red_lines: redLines } = node.position;
    if (!byClock.has(clock)) byClock.set(clock, []);
    byClock.get(clock).push(node);
    for (const index of play.choices(node.position)) {
      const position = play.step(node.position, index);
      const key = keyOf(position);
      let child = nodes.get(key);
      if (!child) {
        if (nodes.size >= MOST_POSITIONS) throw new TooManyPositions(String(MOST_POSITIONS));
        child = new Reached(position);
        nodes.set(key, child);
        waiting.push(child);
      }
      node.steps.push([index, child]);
    }
    if (!node.steps.length) {
      const raw = play.rawOutcome(node.position);
      worst = Math.min(worst, raw);
      bestAny = Math.max(bestAny, raw);
      if (!redLines) bestClean = Math.max(bestClean, raw);
    }
  }
  // Every step moves the clock forward, so going from the latest clock back meets each end before its way in.
  const order = [...byClock.keys()].sort((a, b) => b - a).flatMap((clock) => byClock.get(clock));
  for (const node of order) {
    await pause();
    lookAhead(play, node);
  }
  return new Solution(play, root, nodes, order, worst, bestClean === -Infinity ? bestAny : bestClean);
}

function lookAhead(play, node) {
  if (!node.steps.length) {
    node.bestRaw = play.rawOutcome(node.position);
    node.bestKey = [Number(play.passed(node.position)), node.bestRaw, play.conduct(node.position)];
    return;
  }
  node.bestRaw = Math.max(...node.steps.map(([, child]) => child.bestRaw));
  for (const [index, child] of node.steps) {
    if (node.bestKey && compareLists(child.bestKey, node.bestKey) <= 0) continue;
    node.bestKey = child.bestKey;
    node.bestStep = index;
  }
}

function compareLists(one, other) {
  for (let place = 0; place < one.length; place += 1) {
    if (one[place] !== other[place]) return one[place] - other[place];
  }
  return 0;
}

/** A position as text: equal positions, and only those, have equal texts. */
export function keyOf(position) {
  return [
    position.scene,
    position.customer,
    position.minutes,
    position.clock,
    position.promises,
    position.apologies,
    position.facts,
    position.offer,
    position.broken,
    position.red_lines,
    position.earned,
    position.least,
    position.most,
  ].join();
}

/** A function to await in a loop: it lets the page breathe whenever a slice of time is used up. */
function pacer(signal = null) {
  let began = performance.now();
  return () => {
    if (performance.now() - began < SLICE_MS) return undefined;
    return new Promise((resolve, reject) => {
      setTimeout(() => {
        began = performance.now();
        if (signal?.aborted) reject(signal.reason);
        else resolve();
      });
    });
  };
}
