// Where a panel's answers come from: a Python runtime in a worker of the page, or the kernel of a notebook.

const runtimes = new Map();

/** Why this browser cannot run Python in a page: "file", "worker" or "wasm"; null when it can. */
export function cannotRun() {
  if (location.protocol === "file:") return "file";
  if (typeof WebAssembly !== "object") return "wasm";
  return typeof Worker === "function" ? null : "worker";
}

/**
 * The Python of a page; every panel of the page shares one runtime for each address.
 *
 * `base` is the address of the folder with the runtime, relative to the page. `start(onprogress)` loads it once
 * and calls `onprogress({loaded, total})` in bytes; `ask(question)` resolves to Python's answer.
 */
export function pagePython(base) {
  const address = new URL(base, document.baseURI).href;
  const known = runtimes.get(address);
  if (known) return known;
  const python = makePython(address);
  runtimes.set(address, python);
  return python;
}

function makePython(address) {
  const listeners = new Set();
  const waiting = new Map();
  let number = 0;
  let starting = null;
  let worker = null;

  function start(onprogress) {
    listeners.add(onprogress);
    starting ??= load().catch((error) => {
      // The next click tries again.
      starting = null;
      worker?.terminate();
      worker = null;
      throw error;
    });
    return starting.finally(() => listeners.delete(onprogress));
  }

  function load() {
    return new Promise((done, failed) => {
      worker = new Worker(`${address}worker.js`, { type: "module" });
      worker.onerror = (event) => {
        const reason = event.message || "worker.js";
        failed(new Error(reason));
        for (const { no } of waiting.values()) no(new Error(reason));
        waiting.clear();
      };
      worker.onmessage = ({ data }) => {
        if (data.progress) for (const listener of listeners) listener(data.progress);
        if (data.ready) done();
        if (data.failed) failed(new Error(data.failed));
        if (data.number) {
          waiting.get(data.number)?.yes(JSON.parse(data.answer));
          waiting.delete(data.number);
        }
      };
      worker.postMessage({ load: address });
    });
  }

  function ask(question) {
    number += 1;
    const mine = number;
    return new Promise((yes, no) => {
      waiting.set(mine, { yes, no });
      worker.postMessage({ number: mine, question: JSON.stringify(question) });
    });
  }

  return { loads: true, start, ask, ready: () => starting !== null };
}

/** The Python of a notebook: the widget's own kernel answers, so nothing has to be loaded. */
export function kernelPython(model) {
  const waiting = new Map();
  let number = 0;
  model.on("msg:custom", (message) => {
    if (!message?.number) return;
    waiting.get(message.number)?.(message.answer);
    waiting.delete(message.number);
  });
  return {
    loads: false,
    ready: () => true,
    start: async () => {},
    ask: (question) => {
      number += 1;
      // A notebook that is shown twice has two views of one model, each with its own numbers.
      const mine = `${number}-${Math.random().toString(36).slice(2)}`;
      return new Promise((yes) => {
        waiting.set(mine, yes);
        model.send({ number: mine, question });
      });
    },
  };
}
