// Block Kit as DOM. `where` tells where the blocks are ({channel, ts} or {view}), `form` collects a modal's inputs.

import { h } from "./dom.js";
import { element, label } from "./elements.js";
import { NEWER } from "./newer.js";
import { picture, table } from "./picture.js";
import { markdown, richText } from "./rich.js";
import { anchor, textOf } from "./text.js";

export function blocks(list, where, form = null) {
  return (list || []).map((block) => one(block, where, form));
}

function one(block, where, form) {
  const draw = DRAW[block.type] || NEWER[block.type];
  const node = draw ? draw(block, where, form, blocks) : fallback(block);
  node.classList.add("block");
  node.dataset.block = block.block_id || "";
  return node;
}

const DRAW = {
  section(block, where, form) {
    const fields = block.fields && h("dl.fields", {}, block.fields.map((f) => h("div", {}, h("dd", {}, textOf(f)))));
    const body = h("div.section-text", {}, block.text && h("div.text", {}, textOf(block.text)), fields);
    const side = block.accessory && h("div.accessory", {}, element(block.accessory, block, where, form));
    return h("div.section", {}, body, side);
  },
  header: (block) => h("h3.header-block", {}, textOf(block.text)),
  divider: () => h("hr"),
  context: (block) => h("div.context", {}, block.elements.map((e) => (e.type === "image" ? picture(e, "small") : h("span", {}, textOf(e))))),
  actions: (block, where, form) => h("div.actions", {}, block.elements.map((e) => element(e, block, where, form))),
  context_actions: (block, where, form) => h("div.actions.quiet", {}, block.elements.map((e) => element(e, block, where, form))),
  image(block) {
    const title = block.title && h("figcaption", {}, textOf(block.title));
    return h("figure", {}, title, picture(block, "large"));
  },
  input(block, where, form) {
    const control = element(block.element, block, where, form);
    const optional = block.optional && h("span.optional", {}, " (optional)");
    const group = ["checkboxes", "radio_buttons"].includes(block.element.type);
    const caption = group ? h("span.label", { id: label(block) }, textOf(block.label), optional) : h("label.label", { for: `i-${label(block)}`, id: label(block) }, textOf(block.label), optional);
    const hint = block.hint && h("p.hint", { id: `h-${label(block)}` }, textOf(block.hint));
    return h("div.input-block", {}, caption, control, hint, h("p.error", { "data-error": block.block_id, role: "alert" }));
  },
  rich_text: richText,
  markdown: (block) => markdown(block.text),
  video: (block) => h("div.quiet-card", {}, h("strong", {}, textOf(block.title)), h("div", {}, block.description && textOf(block.description)), anchor(block.title_url || block.video_url, "Open the video")),
  file: (block) => h("div.quiet-card", {}, `Remote file ${block.external_id}`),
  table: (block) => table(block.rows, block.column_settings || []),
};

function fallback(block) {
  const text = typeof block.text === "string" ? block.text : block.text?.text || block.title?.text || block.title || "";
  return h("div.quiet-card", {}, h("span.tag", {}, block.type), " ", text);
}
