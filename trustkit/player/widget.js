// Mounts a player in a Jupyter notebook: the view of an anywidget with the traits bundle, attempts and current.

import { mount } from "./mount.js";
import { mountPanel } from "./panel.js";
import { kernelPython } from "./python.js";
import { widgetHost } from "./store.js";

const PANELS = new Set(["simulator", "checker"]);

function render({ model, el }) {
  const bundle = model.get("bundle");
  const host = widgetHost(model, bundle.id);
  const { close } = PANELS.has(bundle.kind)
    ? mountPanel(el, bundle, host, kernelPython(model))
    : mount(el, bundle, { ...host, python: kernelPython(model) });
  return close;
}

export default { render };
