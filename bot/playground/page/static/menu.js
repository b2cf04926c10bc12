// A button that opens a menu: the pattern "menu button" of the ARIA practices.

import { h } from "./dom.js";

/** `items` are {text, detail, act, href} or a function that gives them when the menu opens. */
export function menu(button, items) {
  const list = h("div.menu", { role: "menu", "aria-label": button.getAttribute("aria-label"), hidden: true });
  const root = h("span.has-menu", {}, button, list);
  const open = (yes) => {
    list.hidden = !yes;
    root.classList.toggle("open", yes);
    button.setAttribute("aria-expanded", String(yes));
    const method = yes ? "addEventListener" : "removeEventListener";
    document[method]("pointerdown", outside);
  };
  const outside = (event) => { if (!root.contains(event.target)) open(false); };
  const move = (step) => {
    const all = [...list.children];
    const at = all.indexOf(document.activeElement);
    all.at((at + step + all.length) % all.length)?.focus();
  };
  const show = () => {
    list.replaceChildren(...(typeof items === "function" ? items() : items).map(item));
    const { bottom } = button.getBoundingClientRect();
    root.classList.toggle("up", bottom + 44 * list.children.length + 20 > innerHeight - 90); // the message box is there
    open(true);
    list.firstElementChild?.focus();
  };
  const item = (o) => {
    const inside = [h("span", {}, o.text), o.detail && h("span.faint", {}, o.detail)];
    const chosen = () => { open(false); button.focus(); o.act?.(); };
    if (o.href) return h("a", { role: "menuitem", tabindex: "-1", href: o.href, target: "_blank", rel: "noopener noreferrer", onclick: chosen }, inside);
    return h("button", { type: "button", role: "menuitem", tabindex: "-1", onclick: chosen }, inside);
  };
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Home: () => list.firstElementChild?.focus(),
    End: () => list.lastElementChild?.focus(),
    Escape: () => { open(false); button.focus(); },
  };
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => (list.hidden ? show() : open(false)));
  list.addEventListener("keydown", (event) => {
    if (event.key === "Tab") open(false);
    if (!(event.key in keys)) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  });
  return root;
}
