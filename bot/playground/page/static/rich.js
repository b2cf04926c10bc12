// rich_text blocks and the markdown block.

import { h } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { channelName, nameOf, store } from "./store.js";
import { anchor, mention } from "./text.js";

export function richText(block) {
  return h("div.rich", {}, block.elements.map(part));
}

function part(element) {
  if (element.type === "rich_text_list") return list(element);
  if (element.type === "rich_text_quote") return h("blockquote", {}, element.elements.map(mark));
  if (element.type === "rich_text_preformatted") return h("pre", { tabindex: "0" }, element.elements.map(mark));
  return h("p", {}, element.elements.map(mark));
}

function list(element) {
  const items = element.elements.map((item) => h("li", {}, item.elements.map(mark)));
  const node = h(element.style === "ordered" ? "ol" : "ul", { start: element.offset ? element.offset + 1 : null }, items);
  node.style.marginInlineStart = `${(element.indent || 0) * 1.5}em`;
  return node;
}

const LEAVES = {
  text: (e) => breaks(e.text),
  link: (e) => anchor(e.url, e.text),
  user: (e) => mention(`@${nameOf(e.user_id)}`, e.user_id === store.me),
  channel: (e) => mention(`#${channelName(e.channel_id)}`),
  usergroup: (e) => mention(`@${store.groups.get(e.usergroup_id)?.handle || "group"}`),
  broadcast: (e) => mention(`@${e.range}`, true),
  emoji: (e) => emojiNode(e.name) || `:${e.name}:`,
  date: (e) => e.fallback || new Date(e.timestamp * 1000).toLocaleString(),
  color: (e) => h("code", {}, e.value),
  team: (e) => e.team_id,
};

function mark(element) {
  let node = (LEAVES[element.type] || (() => `[${element.type}]`))(element);
  const style = element.style || {};
  if (style.code) node = h("code", {}, node);
  if (style.bold) node = h("strong", {}, node);
  if (style.italic) node = h("em", {}, node);
  if (style.strike) node = h("s", {}, node);
  return node;
}

const breaks = (text) => String(text).split("\n").flatMap((line, i) => (i ? [h("br"), line] : [line]));

/** The markdown block: headings, lists, quotes, fences and what stands inside a line. */
export function markdown(text) {
  const root = h("div.markdown");
  for (const [index, piece] of String(text).split(/^```[^\n]*$/m).entries()) {
    if (index % 2) root.append(h("pre", { tabindex: "0" }, piece.replace(/^\n|\n$/g, "")));
    else for (const paragraph of piece.split(/\n{2,}/)) if (paragraph.trim()) root.append(...block(paragraph.trim()));
  }
  return root;
}

function block(text) {
  const rows = text.split("\n");
  const heading = /^(#{1,6})\s+(.*)$/.exec(rows[0]);
  if (heading) return [h("p.heading", {}, span(heading[2])), ...(rows.length > 1 ? block(rows.slice(1).join("\n")) : [])];
  if (rows.every((r) => /^\s*[-*+]\s/.test(r))) return [h("ul", {}, rows.map((r) => h("li", {}, span(r.replace(/^\s*[-*+]\s/, "")))))];
  if (rows.every((r) => /^\s*\d+[.)]\s/.test(r))) return [h("ol", {}, rows.map((r) => h("li", {}, span(r.replace(/^\s*\d+[.)]\s/, "")))))];
  if (rows.every((r) => r.startsWith(">"))) return [h("blockquote", {}, span(rows.map((r) => r.replace(/^> ?/, "")).join("\n")))];
  if (rows.length > 1 && /^\|?[\s:|-]+$/.test(rows[1]) && rows[0].includes("|")) return [grid(rows)];
  return [h("p", {}, span(text))];
}

function grid(rows) {
  const cells = (row) => row.replace(/^\s*\||\|\s*$/g, "").split("|").map((c) => c.trim());
  const head = h("tr", {}, cells(rows[0]).map((c) => h("th", { scope: "col" }, span(c))));
  const body = rows.slice(2).map((row) => h("tr", {}, cells(row).map((c) => h("td", {}, span(c)))));
  return h("div.scroller", { tabindex: "0", role: "region", "aria-label": "Table" }, h("table", {}, h("thead", {}, head), h("tbody", {}, body)));
}

const SPAN = /`([^`]+)`|\*\*(.+?)\*\*|(?<!\w)[*_](\S(?:.*?\S)?)[*_](?!\w)|~~(.+?)~~|\[([^\]]+)\]\(([^)\s]+)\)|:([a-z0-9_+-]+):|(\n)/g;

function span(text) {
  const nodes = [];
  let last = 0;
  for (const m of text.matchAll(SPAN)) {
    nodes.push(text.slice(last, m.index));
    if (m[1]) nodes.push(h("code", {}, m[1]));
    else if (m[2]) nodes.push(h("strong", {}, span(m[2])));
    else if (m[3]) nodes.push(h("em", {}, span(m[3])));
    else if (m[4]) nodes.push(h("s", {}, span(m[4])));
    else if (m[5]) nodes.push(anchor(m[6], m[5]));
    else if (m[7]) nodes.push(emojiNode(m[7]) || m[0]);
    else nodes.push(h("br"));
    last = m.index + m[0].length;
  }
  nodes.push(text.slice(last));
  return nodes;
}
