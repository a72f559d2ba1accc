// Marks a drill by its key in whole numbers, exactly as trustkit/drills/marking.py does.

const WHOLE = 1000;
const FEWEST_FOR_KAPPA = 8;

/** The kind of an item; the default is choose. */
export function kindOf({ kind = "choose" }) {
  return kind;
}

/** The answers of a choose or multi-choose item: its own, or the drill's categories. */
export function answersOf(bundle, item) {
  return item.answers ?? bundle.categories;
}

/** The ids of the phrases that can be marked in a passage. */
export function phraseIds({ passage }) {
  return passage.flat().flatMap(({ id }) => (id ? [id] : []));
}

/** Every order of an order item that counts as right; the key comes first. */
export function rightOrders({ key, also = [] }) {
  return [key, ...also];
}

/** The right order that an answer is compared with: the one that shares most places with it; of equals the first. */
export function orderFor(item, answer) {
  const shared = (order) => order.filter((id, at) => answer[at] === id).length;
  return rightOrders(item).reduce((best, order) => (shared(order) > shared(best) ? order : best));
}

/** Whether an answer to an item is right; no answer never is. */
export function isRight(item, answer) {
  if (answer === undefined || answer === null) return false;
  const { key } = item;
  const same = (one, other) => one.length === other.length && one.every((id, at) => id === other[at]);
  switch (kindOf(item)) {
    case "multi-choose":
    case "mark-in-text":
      return new Set(answer).size === key.length && key.every((id) => answer.includes(id));
    case "match":
      return Object.keys(key).every((left) => answer[left] === key[left]);
    case "order":
      return rightOrders(item).some((order) => same(order, answer));
    case "rate":
      return Math.abs(answer - key) <= (item.within ?? 0);
    default:
      return answer === key;
  }
}

/** Whether somebody can have given this answer to an item. */
export function canBe(bundle, item, answer) {
  const among = (things) => (id) => things.some((one) => one.id === id);
  const list = Array.isArray(answer) && new Set(answer).size === answer.length;
  switch (kindOf(item)) {
    case "multi-choose":
      return list && answer.length > 0 && answer.every(among(item.answers));
    case "mark-in-text":
      return list && answer.every((id) => phraseIds(item).includes(id));
    case "order":
      return list && answer.length === item.parts.length && answer.every(among(item.parts));
    case "match":
      return (
        typeof answer === "object" &&
        answer !== null &&
        Object.keys(answer).length === item.left.length &&
        item.left.every(({ id }) => among(item.right)(answer[id]))
      );
    case "rate":
      return item.scale.some(({ value }) => value === answer);
    default:
      return among(answersOf(bundle, item))(answer);
  }
}

/** Whether steps answer each item of the drill at most once, with answers that exist. */
export function drillCanContinue(bundle, steps) {
  const open = new Map(bundle.items.map((item) => [item.id, item]));
  return steps.every(({ item: id, answer }) => {
    const item = open.get(id);
    return open.delete(id) && canBe(bundle, item, answer);
  });
}

/** Over all marks of the mark-in-text items: {hits, wanted, marked, f1}, F1 in thousandths; null without such items. */
export function marksInTexts(items, answers) {
  const its = items.filter((item) => kindOf(item) === "mark-in-text");
  if (!its.length) return null;
  let [hits, wanted, marked] = [0, 0, 0];
  for (const { id, key } of its) {
    const got = new Set(answers.get(id) ?? []);
    hits += key.filter((one) => got.has(one)).length;
    wanted += key.length;
    marked += got.size;
  }
  return { hits, wanted, marked, f1: f1Of(hits, wanted, marked) };
}

/** F1 in thousandths, rounded down. Where nothing was to be marked and nothing was, all is right. */
export function f1Of(hits, wanted, marked) {
  return wanted + marked ? floorOf(2 * hits * WHOLE, wanted + marked) : WHOLE;
}

/** The quadratic weighted kappa of pairs of ratings in thousandths, rounded down. */
export function kappaOf(pairs) {
  const squared = (left, right) => (left - right) * (left - right);
  let [seen, byChance] = [0, 0];
  for (const [left, right] of pairs) seen += pairs.length * squared(left, right);
  for (const [left] of pairs) for (const [, right] of pairs) byChance += squared(left, right);
  return byChance ? floorOf((byChance - seen) * WHOLE, byChance) : WHOLE;
}

/** The kappa of a drill's rate items; null with fewer than eight, or where scales differ or an answer is missing. */
function kappaOfDrill(items, answers) {
  const rated = items.filter((item) => kindOf(item) === "rate");
  const scales = new Set(rated.map(({ scale }) => scale.map(({ value }) => value).join()));
  if (rated.length < FEWEST_FOR_KAPPA || scales.size > 1 || !rated.every(({ id }) => answers.has(id))) return null;
  return kappaOf(rated.map(({ id, key }) => [answers.get(id), key]));
}

function floorOf(above, below) {
  return (above - (((above % below) + below) % below)) / below;
}

/** Mark the answers of an attempt's steps: what was missed, F1 and kappa, and the result as the record keeps it. */
export function markDrill(bundle, steps) {
  const { items, pass, pass_f1: passF1, pass_kappa: passKappa } = bundle;
  const answers = new Map(steps.map(({ item, answer }) => [item, answer]));
  const wrong = items.filter((item) => !isRight(item, answers.get(item.id)));
  const right = items.length - wrong.length;
  const redLinesMissed = wrong.filter((item) => item.red_line).length;
  const texts = marksInTexts(items, answers);
  const kappa = kappaOfDrill(items, answers);
  const short = {
    right: right < (pass ?? 0),
    f1: (texts?.f1 ?? 0) < (passF1 ?? 0),
    kappa: Boolean(passKappa) && (kappa === null || kappa < passKappa),
  };
  const passed = !short.right && !short.f1 && !short.kappa && redLinesMissed === 0;
  const result = { right, of: items.length, passed };
  if (texts) result.f1 = texts.f1;
  if (kappa !== null) result.kappa = kappa;
  return { answers, wrong, redLinesMissed, texts, kappa, short, result };
}
