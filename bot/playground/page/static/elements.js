// Interactive elements. In a message or on Home each choice is sent at once; in a modal it is kept for the submit.

import { busy, confirmed } from "./actions.js";
import { combobox } from "./combobox.js";
import { h, icon } from "./dom.js";
import { menu } from "./menu.js";
import { picture } from "./picture.js";
import { act, store } from "./store.js";
import { filesInput } from "./uploads.js";
import { emojis, textOf } from "./text.js";

export const label = (block) => `l-${block.block_id}`;

/** One element of a block. */
export function element(e, block, where, form) {
  const draw = DRAW[e.type] || DRAW[e.type.replace(/^multi_/, "")];
  if (!draw) return h("span.tag", {}, e.type);
  return draw(e, block, where, form);
}

/** Send a choice, with the confirm dialog before it where there is one. */
async function send(e, block, where, form, value, node) {
  if (e.confirm && !(await confirmed(e.confirm))) return;
  await busy(node, () => act("press", { ...where, block: block.block_id, action: e.action_id, value, values: form?.values }));
}

/** Where a changed value goes: into the form, to the bot, or both. */
function changed(e, block, where, form, node) {
  return (value) => {
    if (form && block.type === "input") form.set(block.block_id, e.action_id, value);
    if (block.type !== "input" || block.dispatch_action) send(e, block, where, form, value, node);
  };
}

const described = (block) => ({
  id: `i-${label(block)}`,
  "aria-describedby": block.hint ? `h-${label(block)}` : null,
});

function named(e, block) {
  if (block.type === "input") return {};
  return { "aria-label": e.placeholder?.text || block.text?.text || "Choose" };
}

const DRAW = {
  image: (e) => picture(e, "thumb"),
  button(e, block, where, form) {
    const text = textOf(e.text);
    if (e.url) {
      const open = () => send(e, block, where, form, null, null);
      return h(`a.button.${e.style || "plain"}`, { href: /^https?:/.test(e.url) ? e.url : null, target: "_blank", rel: "noopener noreferrer", onclick: open, "aria-label": e.accessibility_label }, text);
    }
    const press = (event) => send(e, block, where, form, null, event.currentTarget);
    return h(`button.button.${e.style || "plain"}`, { type: "button", onclick: press, "data-action": e.action_id, "aria-label": e.accessibility_label }, text);
  },
  workflow_button: (e) => h("button.button.plain", { type: "button", disabled: true }, textOf(e.text)),
  icon_button: (e, block, where, form) => h("button.button.plain", { type: "button", title: e.text.text, onclick: (event) => send(e, block, where, form, null, event.currentTarget) }, textOf(e.text)),
  feedback_buttons(e, block, where, form) {
    const one = (b, sign) => h("button.button.plain", { type: "button", "aria-label": b.accessibility_label || b.text.text, onclick: (event) => send(e, block, where, form, b.value, event.currentTarget) }, `${sign} `, textOf(b.text));
    return h("span.pair", {}, one(e.positive_button, "👍"), one(e.negative_button, "👎"));
  },
  overflow(e, block, where, form) {
    const button = h("button.button.plain.overflow", { type: "button", "aria-label": e.accessibility_label || "More actions" }, icon("more"));
    const safe = (url) => (/^https?:/.test(url || "") ? url : null);
    return menu(button, e.options.map((o) => ({ text: emojis(o.text.text), detail: o.description?.text, href: safe(o.url), act: () => send(e, block, where, form, o.value, button) })));
  },
  plain_text_input(e, block, where, form) {
    const node = h(e.multiline ? "textarea" : "input", { ...described(block), ...(e.multiline ? { rows: 4 } : { type: "text" }), placeholder: e.placeholder?.text, maxlength: e.max_length });
    return typed(node, e, block, where, form);
  },
  email_text_input: (e, block, where, form) => typed(h("input", { ...described(block), type: "email", placeholder: e.placeholder?.text }), e, block, where, form),
  url_text_input: (e, block, where, form) => typed(h("input", { ...described(block), type: "url", placeholder: e.placeholder?.text }), e, block, where, form),
  number_input: (e, block, where, form) => typed(h("input", { ...described(block), type: "text", inputmode: "decimal", placeholder: e.placeholder?.text }), e, block, where, form),
  rich_text_input(e, block, where, form) {
    const node = h("textarea", { ...described(block), rows: 4, placeholder: e.placeholder?.text });
    const kept = form?.get(block.block_id, e.action_id) ?? e.initial_value;
    node.value = kept ? wordsOf(kept) : "";
    const value = () => ({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: node.value }] }] });
    node.addEventListener("input", () => form?.set(block.block_id, e.action_id, node.value ? value() : ""));
    return node;
  },
  datepicker: (e, block, where, form) => dated(e, block, where, form, "date", e.initial_date, (v) => v),
  timepicker: (e, block, where, form) => dated(e, block, where, form, "time", e.initial_time, (v) => v),
  datetimepicker: (e, block, where, form) => dated(e, block, where, form, "datetime-local", local(e.initial_date_time), (v) => (v ? Math.floor(new Date(v).getTime() / 1000) : null)),
  checkboxes: (e, block, where, form) => boxes(e, block, where, form, "checkbox", (e.initial_options || []).map((o) => o.value)),
  radio_buttons: (e, block, where, form) => boxes(e, block, where, form, "radio", e.initial_option ? [e.initial_option.value] : []),
  static_select(e, block, where, form) {
    const groups = e.option_groups || [{ options: e.options }];
    const all = groups.flatMap((g) => g.options.map((o) => ({ ...option(o), group: g.label?.text })));
    return selecting(e, block, where, form, async (query) => matching(all, query));
  },
  external_select(e, block, where, form) {
    const least = e.min_query_length ?? 3;
    return selecting(e, block, where, form, async (query) => {
      if (query.length < least) return [];
      const answer = await act("suggest", { ...where, block: block.block_id, action: e.action_id, query });
      return (answer.options || []).map(option);
    }, least);
  },
  users_select: (e, block, where, form) => selecting(e, block, where, form, async (q) => matching([...store.people.values()].map((p) => ({ value: p.id, text: p.real_name, detail: `@${p.name}` })), q)),
  channels_select: (e, block, where, form) => selecting(e, block, where, form, async (q) => matching(rooms(["public"]), q)),
  conversations_select: (e, block, where, form) => selecting(e, block, where, form, async (q) => matching(rooms(["public", "private"]), q)),
  file_input: (e, block, where, form) => filesInput(e, described(block), form?.chosen(block.block_id, e.action_id, []), (files) => {
    form?.choose(block.block_id, e.action_id, files);
    form?.set(block.block_id, e.action_id, files.map((f) => f.id));
  }),
};

const option = (o) => ({ value: o.value, text: o.text.text, detail: o.description?.text });
const rooms = (kinds) => [...store.channels.values()].filter((c) => kinds.includes(c.kind)).map((c) => ({ value: c.id, text: `#${c.name}` }));
const matching = (all, query) => all.filter((o) => `${o.text} ${o.detail || ""}`.toLowerCase().includes(query.toLowerCase()));
const local = (seconds) => (seconds ? new Date(seconds * 1000 - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 16) : "");

/** The words of rich text, a line for each part and item: a plain box shows no more. */
const wordsOf = (rich) => rich.elements.map(lineOf).join("\n");
const lineOf = (part) => part.elements.map((e) => e.text ?? (e.elements ? lineOf(e) : "")).join(part.type === "rich_text_list" ? "\n" : "");

function typed(node, e, block, where, form) {
  node.value = form?.get(block.block_id, e.action_id) ?? e.initial_value ?? "";
  form?.set(block.block_id, e.action_id, node.value);
  if (e.focus_on_load) node.autofocus = true;
  node.addEventListener("input", () => form?.set(block.block_id, e.action_id, node.value));
  const dispatch = block.dispatch_action || block.type !== "input";
  if (dispatch) node.addEventListener("keydown", (event) => event.key === "Enter" && send(e, block, where, form, node.value, node));
  return node;
}

function dated(e, block, where, form, type, initial, read) {
  const node = h("input", { ...described(block), ...named(e, block), type });
  node.value = form?.get(block.block_id, e.action_id) ?? initial ?? "";
  form?.set(block.block_id, e.action_id, read(node.value));
  const tell = changed(e, block, where, form, node);
  node.addEventListener("change", () => tell(read(node.value)));
  return node;
}

function boxes(e, block, where, form, type, initial) {
  const chosen = new Set([form?.get(block.block_id, e.action_id) ?? initial].flat().filter(Boolean));
  const value = () => (type === "radio" ? [...chosen][0] : [...chosen]);
  const group = h("div.boxes", { role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": block.type === "input" ? label(block) : null, "aria-label": block.type === "input" ? null : "Options" });
  const tell = changed(e, block, where, form, group);
  const flip = (o, on) => {
    if (type === "radio") chosen.clear();
    if (on) chosen.add(o.value);
    else chosen.delete(o.value);
    tell(value());
  };
  for (const o of e.options) {
    const box = h("input", { type, name: `${block.block_id}-${e.action_id}`, checked: chosen.has(o.value), onchange: (event) => flip(o, event.target.checked) });
    group.append(h("label.box", {}, box, h("span", {}, textOf(o.text), o.description && h("span.faint", {}, textOf(o.description)))));
  }
  form?.set(block.block_id, e.action_id, value());
  return group;
}

function selecting(e, block, where, form, source, least = 0) {
  const many = e.type.startsWith("multi_");
  const { block_id: id } = block;
  const start = form ? form.chosen(id, e.action_id, initial(e, many)) : initial(e, many);
  const node = h("div.select");
  const tell = changed(e, block, where, form, node);
  const value = (options) => (many ? options.map((o) => o.value) : options[0]?.value ?? null);
  const choose = (options) => {
    form?.choose(id, e.action_id, options);
    tell(value(options));
  };
  form?.set(id, e.action_id, value(start));
  const attributes = { ...described(block), ...named(e, block) };
  combobox(node, { source, many, start, least, attributes, placeholder: e.placeholder?.text || "Choose", most: e.max_selected_items, tell: choose });
  return node;
}

function initial(e, many) {
  const name = (id) => ({ value: id, text: store.people.get(id)?.real_name || store.channels.get(id)?.name || id });
  if (many) return (e.initial_options || []).map(option).concat((e.initial_users || e.initial_channels || e.initial_conversations || []).map(name));
  if (e.initial_option) return [option(e.initial_option)];
  const id = e.initial_user || e.initial_channel || e.initial_conversation;
  return id ? [name(id)] : [];
}
