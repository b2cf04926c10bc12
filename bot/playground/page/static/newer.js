// The newer blocks: alert, card, carousel, container, plan, task card, data table and charts.
// What holds other blocks is given the function that draws them.

import { h } from "./dom.js";
import { element } from "./elements.js";
import { picture, table } from "./picture.js";
import { richText } from "./rich.js";
import { anchor, textOf } from "./text.js";

export const NEWER = {
  alert: (block) => h(`div.alert.${block.level || "default"}`, { role: "note" }, textOf(block.text)),
  card,
  carousel: (block, where, form) => h("div.carousel", { tabindex: "0", role: "region", "aria-label": "Cards" }, block.elements.map((c) => card(c, where, form))),
  container(block, where, form, blocks) {
    const title = h("div.container-title", {}, h("strong", {}, textOf(block.title)), block.subtitle && h("div.faint", {}, textOf(block.subtitle)));
    const inner = h("div.container-body", {}, blocks(block.child_blocks, where, form));
    if (!block.is_collapsible) return h("div.container", {}, title, inner);
    return h("details.container", { open: !block.default_collapsed }, h("summary", {}, title), inner);
  },
  plan: (block) => h("div.plan", {}, h("strong", {}, block.title), h("ol.tasks", {}, (block.tasks || []).map((t) => h("li", {}, task(t))))),
  task_card: (block) => task(block),
  data_table: dataTable,
  data_visualization: chart,
};

function card(block, where, form) {
  return h("div.card", {},
    block.hero_image && picture(block.hero_image, "large"),
    block.title && h("strong.card-title", {}, textOf(block.title)),
    block.subtitle && h("div.faint", {}, textOf(block.subtitle)),
    block.body && h("div", {}, textOf(block.body)),
    block.actions && h("div.actions", {}, block.actions.map((e) => element(e, block, where, form))),
    block.subtext && h("div.faint.small", {}, textOf(block.subtext)));
}

const SIGNS = { complete: "✓", error: "✕", in_progress: "◐", pending: "○" };

function task(block) {
  const status = block.status || "pending";
  const sources = (block.sources || []).map((s) => anchor(s.url, s.text));
  return h(`div.task.${status}`, {},
    h("span.task-sign", { role: "img", "aria-label": status.replace("_", " ") }, SIGNS[status]),
    h("div", {}, h("div", {}, block.title), block.details && richText(block.details), block.output && richText(block.output), sources.length > 0 && h("div.sources", {}, sources)));
}

function dataTable(block) {
  const size = block.page_size || 5;
  const root = h("div.data-table");
  const show = (count) => {
    const part = [block.rows[0], ...block.rows.slice(1, count + 1)];
    const left = block.rows.length - 1 - count;
    const more = left > 0 && h("button.link", { type: "button", onclick: () => show(count + size * 5) }, `Show more (${left} left)`);
    root.replaceChildren(table(part, [], block.caption, block.row_header_column_index ?? null));
    if (more) root.append(more);
  };
  show(size);
  return root;
}

/** Charts as bars beside their numbers: readable by everybody, without a library. */
function chart(block) {
  const { chart: it } = block;
  const rows = it.type === "pie"
    ? it.segments.map((s) => [s.label, s.value])
    : it.series.flatMap((s) => s.data.map((p) => [it.series.length > 1 ? `${s.name}, ${p.label}` : p.label, p.value]));
  const most = Math.max(...rows.map((r) => Math.abs(r[1])), 1e-9);
  const line = ([name, value]) => {
    const bar = h("span.bar");
    bar.style.width = `${(Math.abs(value) / most) * 100}%`;
    return h("tr", {}, h("th", { scope: "row" }, name), h("td.right", {}, value.toLocaleString()), h("td.bars", { "aria-hidden": "true" }, bar));
  };
  return h("div.chart", {}, h("table", {}, h("caption", {}, block.title), h("tbody", {}, rows.map(line))));
}


