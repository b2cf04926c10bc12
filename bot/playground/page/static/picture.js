// Pictures and tables, which several kinds of blocks show.

import { h } from "./dom.js";
import { richText } from "./rich.js";
import { fileOf } from "./store.js";
import { anchor, emojis } from "./text.js";

/** Pictures of the bot's own uploads are shown; others would be a request to another host, so they are named. */
export function picture(image, size) {
  const id = image.slack_file?.id;
  if (id) return h(`img.picture.${size}`, { src: fileOf(id), alt: image.alt_text, loading: "lazy" });
  if (size === "small") return h("span.tiny", { title: image.image_url, role: "img", "aria-label": image.alt_text }, "▣");
  return h("span.elsewhere", {}, "Picture elsewhere: ", anchor(image.image_url || "", image.alt_text || "picture"));
}

function cell(value) {
  if (value.type === "rich_text") return richText(value);
  return value.text !== undefined ? emojis(value.text) : String(value.value);
}

/** `settings` align columns; `first` is the column that names the rows. */
export function table(rows, settings = [], caption = "", first = null) {
  const align = (index) => settings[index]?.align || (rows[1]?.[index]?.type === "raw_number" ? "right" : "left");
  const head = h("tr", {}, rows[0].map((c, i) => h("th", { scope: "col", class: align(i) }, cell(c))));
  const line = (row) => h("tr", {}, row.map((c, i) => (i === first ? h("th", { scope: "row" }, cell(c)) : h("td", { class: align(i) }, cell(c)))));
  const body = h("tbody", {}, rows.slice(1).map(line));
  const inner = h("table", {}, caption && h("caption", {}, caption), h("thead", {}, head), body);
  return h("div.scroller", { tabindex: "0", role: "region", "aria-label": caption || "Table" }, inner);
}
