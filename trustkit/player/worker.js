// The worker that runs Python for the panels of a page: loads Pyodide and our modules from its own folder.
//
// Every file is fetched here, so that progress is real, the folder may lie anywhere, and a server that sends
// `.wasm` with another type than application/wasm does no harm. `.mjs` files are published as `.js`, a type
// that every server knows.

let answer = null;

self.onmessage = async ({ data }) => {
  if (data.load) {
    try {
      answer = await load(data.load);
      self.postMessage({ ready: true });
    } catch (error) {
      self.postMessage({ failed: String(error?.message ?? error) });
    }
  } else if (data.number) {
    self.postMessage({ number: data.number, answer: answer(data.question) });
  }
};

async function load(base) {
  const manifest = await (await fetched(`${base}manifest.json`, { cache: "no-cache" })).json();
  const folder = `${base}${manifest.runtime}/`;
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let loaded = 0;
  function add(bytes) {
    loaded += bytes;
    self.postMessage({ progress: { loaded: Math.min(loaded, total), total } });
  }
  add(0);
  const sizes = Object.fromEntries(manifest.files.map(({ name, bytes }) => [name, bytes]));
  const module = (name) => import(`${folder}${name}`).finally(() => add(sizes[name] ?? 0));
  const [{ loadPyodide }, { default: createPyodideModule }, wasm, library, course] = await Promise.all([
    module("pyodide.js"),
    module("pyodide.asm.js"),
    bytesOf(`${folder}pyodide.asm.wasm`, add),
    bytesOf(`${folder}python_stdlib.zip`, add),
    bytesOf(`${base}${manifest.course}`, add),
  ]);
  const held = {
    "pyodide.asm.wasm": [wasm, "application/wasm"],
    "python_stdlib.zip": [library, "application/zip"],
  };
  const outside = self.fetch;
  // Pyodide asks for these two by name; it gets what is here already, with the right type.
  self.fetch = async (address, options) => {
    const [bytes, type] = held[String(address?.url ?? address).split("/").pop()] ?? [];
    return bytes ? new Response(bytes, { headers: { "Content-Type": type } }) : outside(address, options);
  };
  let pyodide;
  try {
    pyodide = await loadPyodide({
      indexURL: folder,
      createPyodideModule,
      lockFileContents: manifest.lock,
      packageBaseUrl: folder,
    });
  } finally {
    self.fetch = outside;
  }
  pyodide.unpackArchive(course, "zip", { extractDir: "/course" });
  pyodide.runPython("import sys; sys.path.insert(0, '/course')");
  return pyodide.pyimport("trustkit.panel").panel_answer_json;
}

async function fetched(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`${address.split("/").pop()}: ${response.status} ${response.statusText}`.trim());
  return response;
}

async function bytesOf(address, add) {
  const response = await fetched(address);
  const reader = response.body.getReader();
  const parts = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    add(value.length);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
