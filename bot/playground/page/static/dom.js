// Building DOM without ever parsing HTML: text stays text.

/** h("button.primary", {type: "button", onclick}, "Go", child…) -> element. `null` and `false` children are left out. */
export function h(spec, attributes, ...children) {
  const [tag, ...classes] = spec.split(".");
  const element = document.createElement(tag || "div");
  if (classes.length) element.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in PROPERTIES) element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  return append(element, children);
}

const PROPERTIES = { value: 1, checked: 1, selected: 1, disabled: 1, indeterminate: 1 };

export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

export function replace(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

const SVG = "http://www.w3.org/2000/svg";

/** A line icon of 20 x 20 from path data. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const ICONS = {
  hash: "M7.5 3 6 17M14 3l-1.5 14M3.5 7.5h13.5M3 12.5h13.5",
  lock: "M5.5 9h9v7.5h-9zM7.5 9V6.5a2.5 2.5 0 0 1 5 0V9",
  send: "M3 10 17 3.5 13 17l-3-5.5zM10 11.5 17 3.5",
  close: "M5 5l10 10M15 5 5 15",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  reply: "M3.5 4.5h13v9h-7l-3.5 3v-3h-2.5z",
  smile: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4M7.3 8v.6M12.7 8v.6M6.8 11.6c1.5 2.4 4.9 2.4 6.4 0",
  traffic: "M3 7h12.5M12.5 4l3 3-3 3M17 13H4.5M7.5 10l-3 3 3 3",
  compass: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4M12.8 7.2 11.4 11.4 7.2 12.8 8.6 8.6z",
  moon: "M16.5 11.8A7 7 0 1 1 8.2 3.5a5.6 5.6 0 0 0 8.3 8.3z",
  sun: "M10 6.6a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8M10 2v1.6M10 16.4V18M2 10h1.6M16.4 10H18M4.3 4.3l1.2 1.2M14.5 14.5l1.2 1.2M15.7 4.3l-1.2 1.2M5.5 14.5l-1.2 1.2",
  reset: "M4 9.5a6 6 0 1 1 1.6 4.6M4 15v-3.2h3.2",
  down: "M5.5 8l4.5 4.5L14.5 8",
  check: "M4 10.5l4 4 8-9",
  eye: "M2.5 10s2.8-5 7.5-5 7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  plus: "M10 4.5v11M4.5 10h11",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  file: "M5 2.8h6.5L15 6.3v10.9H5zM11.3 2.8v3.7H15",
};

const COLOURS = ["#1d7a5f", "#8a4baf", "#b4552d", "#2b6cb0", "#a3386c", "#5b6b1f", "#3d5a80", "#96611b"];

/** A square with initials; the app has its own mark. */
export function avatar(person, size = "") {
  if (!person) return h(`span.avatar${size}`, { "aria-hidden": "true" }, "?");
  const robot = person.kind === "bot";
  const words = person.real_name.split(/\s+/).filter(Boolean);
  const initials = robot ? "⌁" : words.map((w) => w[0]).slice(0, 2).join("").toUpperCase();
  const box = h(`span.avatar${size}${robot ? ".robot" : ""}`, { "aria-hidden": "true" }, initials);
  if (!robot) box.style.backgroundColor = COLOURS[[...person.id].reduce((n, c) => n * 31 + c.charCodeAt(0), 7) % 8 | 0];
  return box;
}
