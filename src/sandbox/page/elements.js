export function byId(id) {
  return document.getElementById(id);
}

/** An element with its properties and what is in it; whatever is text stays text. */
export function element(tag, properties = {}, ...inside) {
  const { data = {}, ...rest } = properties;
  const made = Object.assign(document.createElement(tag), rest);
  Object.assign(made.dataset, data);
  made.append(...inside);
  return made;
}
