// The modal that the bot has open for the person: a native dialog, so that focus stays in it.

import { busy } from "./actions.js";
import { blocks } from "./blocks.js";
import { h, icon } from "./dom.js";
import { act, store } from "./store.js";
import { textOf } from "./text.js";

let dialog = null;
let form = null;

/** What has been put into the inputs of one view. */
class Form {
  constructor() {
    this.values = {};
    this.options = {};
  }

  get(block, action) {
    return this.values[block]?.[action];
  }

  set(block, action, value) {
    (this.values[block] ||= {})[action] = value;
  }

  /** The options or files behind a value, so that a form which is drawn again shows them by name. */
  chosen(block, action, initial) {
    return this.options[`${block} ${action}`] || initial;
  }

  choose(block, action, options) {
    this.options[`${block} ${action}`] = options;
  }

  /** Only what these blocks still ask for: the next page of a form is the same view with others. */
  keep(blocks) {
    const asked = new Set(blocks.map((block) => block.block_id));
    for (const block of Object.keys(this.values)) if (!asked.has(block)) delete this.values[block];
  }
}

export function showModal() {
  const view = store.modal;
  if (!view) return hide();
  const same = dialog?.dataset.view === view.id;
  if (!same) form = new Form();
  form.keep(view.blocks);
  const typing = same ? document.activeElement?.id : "";
  if (!dialog) {
    dialog = h("dialog.modal", { "aria-labelledby": "modal-title", oncancel: (event) => { event.preventDefault(); close(); } });
    document.body.append(dialog);
  }
  dialog.dataset.view = view.id;
  dialog.replaceChildren(shape(view));
  if (!dialog.open) dialog.showModal();
  const focus = (typing && document.getElementById(typing)) || dialog.querySelector("[autofocus]") || dialog.querySelector(".modal-body input, .modal-body textarea");
  focus?.focus();
  return undefined;
}

function hide() {
  dialog?.close();
  dialog?.remove();
  dialog = null;
}

const close = () => act("close", {});

function shape(view) {
  const shut = view.depth > 1 ? "Back" : "Close";
  const submit = (event) => { event.preventDefault(); send(event.currentTarget); };
  return h("form", { onsubmit: submit, novalidate: true },
    h("header.modal-head", {}, h("h2", { id: "modal-title" }, textOf(view.title)), h("button.icon-button", { type: "button", "aria-label": shut, onclick: close }, icon("close"))),
    h("p.form-error", { role: "alert", "data-error": "" }),
    h("div.modal-body", {}, blocks(view.blocks, { view: view.id }, form)),
    h("footer.dialog-buttons", {},
      h("button.button.plain", { type: "button", onclick: close }, view.close ? textOf(view.close) : shut),
      view.submit && h("button.button.primary", { type: "submit" }, textOf(view.submit))));
}

async function send(node) {
  const answer = await busy(node.querySelector("button[type=submit]"), () => act("submit", { values: form.values }));
  for (const place of node.querySelectorAll("[data-error]")) {
    const text = answer.errors?.[place.dataset.error] || "";
    place.textContent = text;
    place.closest(".input-block")?.classList.toggle("wrong", Boolean(text));
  }
  node.querySelector(".wrong input, .wrong textarea")?.focus();
}
