// Mounts a player in a Jupyter notebook: the view of an anywidget with the traits bundle, attempts and current.

import { mount } from "./mount.js";
import { widgetHost } from "./store.js";

function render({ model, el }) {
  const bundle = model.get("bundle");
  const { close } = mount(el, bundle, widgetHost(model, bundle.id));
  return close;
}

export default { render };
