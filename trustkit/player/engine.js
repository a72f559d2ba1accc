// Plays a compiled case: what each choice does to the customer, equal to the bit to the Python reference
// (trustkit/trust/customer.py and trustkit/cases/play.py).
//
// Every number is a whole number far below 2^53, so a quotient rounded down with Math.floor is exact.

const FULL = 100_000;
const HALF = 50_000;
const BARS = 6;

/** What stands in place of a due minute for a promise never made, kept, or broken. */
export const NEVER = -1;
export const KEPT = -2;
export const BROKEN = -3;

/** Where each gauge stands in the list `position.customer`. */
const GAUGES = {
  distributive: 0,
  procedural: 1,
  interactional: 2,
  cognitive: 6,
  affective: 7,
  social: 8,
  anger: 9,
  failures: 10,
};

function floorDivide(dividend, divisor) {
  return Math.floor(dividend / divisor);
}

function clamp(value) {
  return value < 0 ? 0 : value > FULL ? FULL : value;
}

function compensation(model, offer) {
  const curve = model.compensation_curve;
  let before = curve[0];
  if (offer <= before[0]) return before[1];
  for (const point of curve.slice(1)) {
    if (offer <= point[0]) {
      const rise = (point[1] - before[1]) * (offer - before[0]);
      return before[1] + floorDivide(rise, point[0] - before[0]);
    }
    before = point;
  }
  return before[1];
}

/** The customer after one step; `moves` has null for a justice that nothing touched. */
function react(customer, model, moves, { over, newFailures, cognitiveLoss, honestyBroken, ends }) {
  const failures = customer[10] + newFailures;
  const after = customer.slice();
  const shift = [0, 0, 0];
  for (let j = 0; j < 3; j += 1) {
    if (moves[j] === null) continue;
    const gap = clamp(HALF + moves[j]) - customer[3 + j];
    let step = floorDivide(gap * model.rate, 1000);
    if (gap < 0) step = floorDivide(step * model.loss_weight[j], 1000);
    else if (failures >= 2) step = floorDivide(step * model.later_failure_gain, 1000);
    shift[j] = step;
    after[j] = clamp(customer[j] + step);
    after[3 + j] = clamp(customer[3 + j] + floorDivide(gap * model.expectation_rate, 1000));
  }
  const [d, p, i] = shift;
  const times = ends ? 2 : 1;
  after[6] = clamp(customer[6] + times * floorDivide(500 * d + 500 * p, 1000));
  after[7] = clamp(customer[7] + times * i);
  after[8] = clamp(customer[8] + times * floorDivide(750 * d + 250 * p, 1000));
  if (honestyBroken) {
    after[6] = clamp(after[6] - model.honesty_loss);
    after[7] = clamp(after[7] - model.honesty_loss);
  }
  after[6] = clamp(after[6] - cognitiveLoss);
  after[9] = clamp(clamp(customer[9] + over * model.impatience) - i);
  after[10] = failures;
  return after;
}

function countBits(mask) {
  let count = 0;
  for (let rest = mask; rest; rest &= rest - 1) count += 1;
  return count;
}

/** A compiled case ready to be played; `structure` is one variant's structure from the bundle. */
export class Play {
  constructor(structure) {
    this.structure = structure;
    this.model = structure.model;
    this.behaviours = structure.behaviours;
    this.derived = structure.derived;
    this.act = structure.derived.act;
    this.repentance = structure.derived["declare-repentance"];
    this.scenes = structure.scenes.map((scene) => ({
      ...scene,
      choices: scene.choices.map((choice) => this.prepare(choice)),
    }));
    this.conductKnown = new Map();
    this.rangeKnown = new Map();
  }

  prepare(choice) {
    const apologies = choice.tags.reduce((mask, [tag]) => mask | this.behaviours[tag].apology, 0);
    return { ...choice, apologies, acts: choice.tags.some(([tag]) => tag === this.act) };
  }

  /** The position before the first choice. */
  start() {
    const { start, promises, known } = this.structure;
    const zero = Array(BARS).fill(0);
    return {
      scene: start.scene,
      customer: start.customer.slice(),
      minutes: 0,
      clock: 0,
      promises: promises.map(() => NEVER),
      apologies: 0,
      facts: known,
      offer: -1,
      broken: 0,
      red_lines: 0,
      earned: zero,
      least: zero,
      most: zero,
    };
  }

  /** The indices of the choices on offer here; empty in a closing scene. */
  choices(position) {
    const open = [];
    this.scenes[position.scene].choices.forEach((choice, index) => {
      if (!choice.requires || this.holds(choice.requires, position)) open.push(index);
    });
    return open;
  }

  /** The index of what the customer says here: the first line whose guard holds. */
  line(position) {
    return this.scenes[position.scene].lines.findIndex((guard) => this.holds(guard, position));
  }

  /** Whether the contact has ended here. */
  isOver(position) {
    return this.scenes[position.scene].choices.length === 0;
  }

  /** The index of the ending reached here, or null while the contact goes on. */
  ending(position) {
    if (!this.isOver(position)) return null;
    return this.structure.endings.findIndex((ending) => this.holds(ending.when, position));
  }

  /** The index of a choice by its id, or -1 when it is not on offer here. */
  indexOf(position, id) {
    const index = this.scenes[position.scene].choices.findIndex((choice) => choice.id === id);
    return index >= 0 && this.choices(position).includes(index) ? index : -1;
  }

  /** What a choice amounts to here, the derived behaviours included: [behaviour index, strength] each. */
  behavioursOf(position, index) {
    return this.counted(position, this.scenes[position.scene].choices[index]);
  }

  /** The position after a choice that is on offer. */
  step(position, index) {
    const { model } = this;
    const choice = this.scenes[position.scene].choices[index];
    const next = this.scenes[choice.to];
    const minutes = position.minutes + choice.minutes;
    const { patience } = this.structure;
    const over = Math.max(0, minutes - patience) - Math.max(0, position.minutes - patience);
    const spoken = position.clock + choice.minutes;
    const clock = spoken + next.elapsed;
    const [promises, newlyBroken] = fallDue(position.promises, choice, next.keeps, spoken, clock);

    const sums = [0, 0, 0];
    const touched = [false, false, false];
    const add = (moves, times) => {
      for (let j = 0; j < 3; j += 1) {
        if (!moves[j]) continue;
        sums[j] += moves[j] * times;
        touched[j] = true;
      }
    };
    for (const [tag, strength] of this.counted(position, choice)) add(this.behaviours[tag].moves, strength);
    const newOffer = choice.offer >= 0 && choice.offer !== position.offer;
    if (newOffer) {
      sums[0] += compensation(model, choice.offer);
      touched[0] = true;
    }
    if (newlyBroken) {
      add(this.behaviours[this.derived["broken-promise"]].moves, newlyBroken);
      touched.fill(true);
    }

    const redLine = choice.red_line;
    const [least, most] = this.range(position);
    const plus = (one, other) => one.map((value, bar) => value + other[bar]);
    return {
      scene: choice.to,
      customer: react(
        position.customer,
        model,
        sums.map((sum, j) => (touched[j] ? sum : null)),
        {
          over,
          newFailures: newlyBroken,
          cognitiveLoss: newOffer && choice.offer > model.fair_offer[1] ? model.excessive_offer_loss : 0,
          honestyBroken: redLine >= 0 && this.structure.red_lines[redLine].honesty,
          ends: next.choices.length === 0,
        },
      ),
      minutes,
      clock,
      promises,
      apologies: position.apologies | choice.apologies,
      facts: position.facts | choice.reveals,
      offer: choice.offer >= 0 ? choice.offer : position.offer,
      broken: position.broken + newlyBroken,
      red_lines: position.red_lines | (redLine >= 0 ? 1 << redLine : 0),
      earned: plus(position.earned, this.conductOf(position, choice)),
      least: plus(position.least, least),
      most: plus(position.most, most),
    };
  }

  /** The positions from the start along a list of choice ids, or null when one could not be chosen. */
  walk(ids) {
    const positions = [this.start()];
    for (const id of ids) {
      const here = positions.at(-1);
      const index = this.isOver(here) ? -1 : this.indexOf(here, id);
      if (index < 0) return null;
      positions.push(this.step(here, index));
    }
    return positions;
  }

  /** The six conduct bars, 0 to 100 each; null where nothing was on offer to be assessed by. */
  conductBars({ earned, least, most }) {
    return earned.map((value, bar) =>
      most[bar] === least[bar] ? null : floorDivide(100 * (value - least[bar]), most[bar] - least[bar]),
    );
  }

  /** Conduct, 0 to 100: the mean of the assessed bars. */
  conduct(position) {
    const bars = this.conductBars(position).filter((bar) => bar !== null);
    return bars.length
      ? floorDivide(
          bars.reduce((sum, bar) => sum + bar, 0),
          bars.length,
        )
      : 0;
  }

  /** Trust, a gauge in thousandths of a point. */
  trust({ customer }) {
    const [c, a, s] = this.model.trust_weights;
    return floorDivide(c * customer[6] + a * customer[7] + s * customer[8], 1000);
  }

  /** Satisfaction with how the case was handled, a gauge in thousandths of a point. */
  satisfaction({ customer }) {
    const [d, p, i] = this.model.satisfaction_weights;
    return floorDivide(d * customer[0] + p * customer[1] + i * customer[2], 1000);
  }

  /** Anger, a gauge in thousandths of a point. */
  anger({ customer }) {
    return customer[9];
  }

  /** The outcome as a gauge, before it is put on the case's own scale. */
  rawOutcome(position) {
    const [t, s] = this.model.outcome_weights;
    return floorDivide(t * this.trust(position) + s * this.satisfaction(position), 1000);
  }

  /** A raw outcome on the case's own scale, 0 to 100. */
  scaled(raw) {
    const { worst, best } = this.structure.bounds;
    if (best <= worst) return 100;
    return Math.max(0, Math.min(100, floorDivide(100 * (raw - worst), best - worst)));
  }

  /** The outcome on the case's own scale, 0 to 100. */
  outcome(position) {
    return this.scaled(this.rawOutcome(position));
  }

  /** Whether an ended attempt passes: no red line, and both scores at the pass mark or above. */
  passed(position) {
    const [conduct, outcome] = this.model.pass_mark;
    return position.red_lines === 0 && this.conduct(position) >= conduct && this.outcome(position) >= outcome;
  }

  /** Whether a compiled guard holds here; null always holds. */
  holds(guard, position) {
    if (guard === null) return true;
    const [kind, ...parts] = guard;
    if (kind === "and") return parts.every((part) => this.holds(part, position));
    if (kind === "or") return parts.some((part) => this.holds(part, position));
    if (kind === "not") return !this.holds(parts[0], position);
    if (kind === "fact") return (position.facts & (1 << parts[0])) !== 0;
    const [sign, quantity, number] = parts;
    const value = this.read(quantity, position);
    switch (sign) {
      case ">=":
        return value >= number;
      case "<=":
        return value <= number;
      case ">":
        return value > number;
      case "<":
        return value < number;
      case "==":
        return value === number;
      default:
        return value !== number;
    }
  }

  read(quantity, position) {
    if (quantity === "trust") return this.trust(position);
    if (quantity === "satisfaction") return this.satisfaction(position);
    if (quantity === "red_lines") return countBits(position.red_lines);
    return quantity in GAUGES ? position.customer[GAUGES[quantity]] : position[quantity];
  }

  /** The tags that count here: a repeated apology element without a new remedy turns into its opposite. */
  counted(position, choice) {
    const newOffer = choice.offer >= 0 && choice.offer !== position.offer;
    const doubtful = choice.apologies & position.apologies || (position.broken && choice.apologies);
    if (!newOffer && !doubtful) return choice.tags;
    const counted = [];
    let repeated = 0;
    const remedy = choice.acts || choice.offer > position.offer;
    for (const [tag, strength] of choice.tags) {
      const element = this.behaviours[tag].apology;
      const hollow = tag === this.repentance && position.broken > 0;
      if (element && !remedy && (element & position.apologies || hollow)) repeated += 1;
      else counted.push([tag, strength]);
    }
    if (repeated) counted.push([this.derived["repeated-apology"], Math.min(3, repeated)]);
    if (newOffer) {
      const [low, high] = this.model.fair_offer;
      const place =
        choice.offer < low ? "offer-below-harm" : choice.offer > high ? "offer-excessive" : "offer-fair";
      counted.push([this.derived[place], this.model.offer_strength]);
    }
    return counted;
  }

  conductOf(position, choice) {
    const key = `${position.scene} ${choice.id} ${position.apologies} ${position.offer} ${position.broken > 0}`;
    let bars = this.conductKnown.get(key);
    if (!bars) {
      bars = Array(BARS).fill(0);
      for (const [tag, strength] of this.counted(position, choice)) {
        const { compass, sign } = this.behaviours[tag];
        bars[compass] += sign * strength;
      }
      this.conductKnown.set(key, bars);
    }
    return bars;
  }

  range(position) {
    const open = this.choices(position);
    const key = `${position.scene} ${open} ${position.apologies} ${position.offer} ${position.broken > 0}`;
    let range = this.rangeKnown.get(key);
    if (!range) {
      const all = this.scenes[position.scene].choices;
      const bars = open.map((index) => this.conductOf(position, all[index]));
      const over = (pick) => Array.from({ length: BARS }, (_, bar) => pick(...bars.map((row) => row[bar])));
      range = [over(Math.min), over(Math.max)];
      this.rangeKnown.set(key, range);
    }
    return range;
  }
}

/** The promises after a step, and how many were found broken in it. */
function fallDue(promises, choice, sceneKeeps, spoken, clock) {
  const now = promises.slice();
  const keep = (kept, at) => {
    for (const promise of kept) if (now[promise] >= at) now[promise] = KEPT;
  };
  keep(choice.keeps, spoken);
  if (choice.promise) now[choice.promise[0]] = spoken + choice.promise[1];
  keep(sceneKeeps, clock);
  let broken = 0;
  now.forEach((due, promise) => {
    if (due >= 0 && due < clock) {
      now[promise] = BROKEN;
      broken += 1;
    }
  });
  return [now, broken];
}
