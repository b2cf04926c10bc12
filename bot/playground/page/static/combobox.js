// A select with type-ahead: the pattern "combobox with listbox" of the ARIA practices; one value, or many as chips.

import { h, icon } from "./dom.js";
import { emojis } from "./text.js";

let serial = 0;

/** Fill `root`. `source(query)` resolves to [{value, text, detail, group}]; `tell(chosen)` hears of changes. */
export function combobox(root, { source, many, start, least, attributes, placeholder, most, tell }) {
  const id = `cb-${(serial += 1)}`;
  let chosen = [...start];
  let offered = [];
  let active = -1;
  let turn = 0;
  const list = h("ul.options", { id, role: "listbox", "aria-label": placeholder, hidden: true });
  const input = h("input", {
    type: "text", role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false",
    "aria-controls": id, placeholder, ...attributes,
  });
  const chips = h("span.chips");
  root.append(chips, input, h("span.chevron", {}, icon("down")), list);

  const show = () => {
    if (many) chips.replaceChildren(...chosen.map(chip));
    else input.value = chosen[0]?.text || "";
  };
  const chip = (o) => h("span.chip", {}, o.text, h("button", { type: "button", "aria-label": `Remove ${o.text}`, onclick: () => { chosen = chosen.filter((c) => c !== o); show(); tell([...chosen]); } }, "×"));

  const open = (yes) => {
    list.hidden = !yes;
    input.setAttribute("aria-expanded", String(yes));
    if (!yes) input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    for (const [i, item] of [...list.querySelectorAll("[role=option]")].entries()) {
      item.setAttribute("aria-selected", String(i === index));
      if (i === index) {
        input.setAttribute("aria-activedescendant", item.id);
        item.scrollIntoView({ block: "nearest" });
      }
    }
  };
  const pick = (o) => {
    if (many) {
      if (!chosen.some((c) => c.value === o.value) && !(most && chosen.length >= most)) chosen.push(o);
      input.value = "";
    } else chosen = [o];
    show();
    open(false);
    tell([...chosen]);
  };
  const draw = (query) => {
    const items = offered.map((o, i) => {
      const detail = o.detail && h("span.faint", {}, o.detail);
      return h("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false", onmousedown: (event) => { event.preventDefault(); pick(o); } }, h("span", {}, emojis(o.text)), detail);
    });
    const hint = query.length < least ? `Type at least ${least} character${least === 1 ? "" : "s"}` : "Nothing found";
    list.replaceChildren(...(items.length ? items : [h("li.none", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, hint)]));
    open(true);
    mark(items.length ? 0 : -1);
  };
  const look = async (query) => {
    const mine = (turn += 1);
    const found = await source(query);
    if (mine === turn && document.activeElement === input) {
      offered = found.slice(0, 100);
      draw(query);
    }
  };
  input.addEventListener("input", () => look(input.value.trim()));
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => list.hidden && look(""));
  input.addEventListener("blur", () => {
    open(false);
    if (many) input.value = "";
    else if (!input.value && chosen.length) { chosen = []; tell([...chosen]); }
    show();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look(input.value.trim());
      else if (offered.length) mark((active + (event.key === "ArrowDown" ? 1 : -1) + offered.length) % offered.length);
    } else if (event.key === "Enter" && !list.hidden && offered[active]) {
      event.preventDefault();
      pick(offered[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      open(false);
    } else if (event.key === "Backspace" && many && !input.value && chosen.length) {
      chosen.pop();
      show();
      tell([...chosen]);
    }
  });
  show();
}
