// One message.

import { busy, notice } from "./actions.js";
import { blocks } from "./blocks.js";
import { append, avatar, h, icon } from "./dom.js";
import { emojiNode, QUICK } from "./emoji.js";
import { menu } from "./menu.js";
import { act, fileOf, nameOf, person, store } from "./store.js";
import { anchor, decode, mrkdwn } from "./text.js";

// Formatters are made once: making one costs more than drawing a message.
const HOURS = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAYS = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });
const dateOf = (ts) => new Date(Number(ts) * 1000);
export const timeOf = (ts) => HOURS.format(dateOf(ts));
export const dayOf = (ts) => DAYS.format(dateOf(ts));
export const sameDay = (a, b) => dateOf(a).toDateString() === dateOf(b).toDateString();

/** `close`: the line before is by the same person, moments ago. `open` opens a thread; without it there is none. */
export function messageNode(message, channel, { close = false, open = null } = {}) {
  const who = person(message.user) || { id: message.user, real_name: nameOf(message.user), kind: "bot" };
  const only = message.is_ephemeral;
  const node = h(`article.message${close && !only ? ".close" : ""}${only ? ".ephemeral" : ""}`, {
    "data-ts": message.ts,
    "aria-label": `${who.real_name}, ${timeOf(message.ts)}`,
  });
  append(node, [
    h("div.gutter", {}, close && !only ? h("time.hover-time", {}, timeOf(message.ts)) : avatar(who)),
    h("div.body", {},
      only && h("p.only-you", {}, icon("eye"), "Only visible to you", message.asked && h("span.asked", {}, "you typed ", h("code", {}, decode(message.asked)))),
      !only && message.asked && h("p.only-you", {}, "shared by a command ", h("code", {}, decode(message.asked))),
      (!close || only) && byline(message, who),
      content(message, channel),
      (message.files || []).map(file),
      reactions(message, channel),
      open && message.reply_count ? replies(message, open) : null),
    tools(message, channel, only ? null : open),
  ]);
  return node;
}

function byline(message, who) {
  return h("div.byline", {}, h("strong.name", {}, who.real_name), who.kind === "bot" && h("span.badge", {}, "App"),
    who.kind === "guest" && h("span.badge.guest", {}, "Guest"), who.kind === "stranger" && h("span.badge.guest", {}, "Other company"),
    h("time", { title: WHOLE.format(dateOf(message.ts)) }, timeOf(message.ts)));
}

function content(message, channel) {
  const where = { channel, ts: message.ts };
  const shown = message.blocks?.length ? h("div.blocks", {}, blocks(message.blocks, where)) : message.text ? h("div.text", {}, mrkdwn(message.text)) : null;
  const edited = message.edited && message.user !== store.bot ? h("span.edited", {}, " (edited)") : null;
  return [shown, edited, (message.attachments || []).map((a) => attachment(a, where))];
}

function attachment(item, where) {
  const node = h("div.attachment", {}, item.pretext && h("div", {}, mrkdwn(item.pretext)), item.title && h("strong", {}, item.title_link ? anchor(item.title_link, item.title) : item.title), item.text && h("div.text", {}, mrkdwn(item.text)), blocks(item.blocks || [], where));
  if (/^#?[0-9a-f]{6}$/i.test(item.color || "")) node.style.borderInlineStartColor = `#${item.color.replace("#", "")}`;
  return node;
}

function file(item) {
  const source = fileOf(item.id);
  if (!item.mimetype.startsWith("image/")) return h("a.file", { href: source }, icon("file"), item.title);
  return h("figure.upload", {}, h("figcaption", {}, item.title),
    h("a", { href: source, target: "_blank", rel: "noopener" }, h("img", { src: source, alt: item.alt_txt || item.title, loading: "lazy" })));
}

function reactions(message, channel) {
  const rows = message.reactions || [];
  if (!rows.length) return null;
  const one = (r) => h(`button.reaction${r.users.includes(store.me) ? ".mine" : ""}`, {
    type: "button", "aria-label": `${r.name}, ${r.count}`, title: r.users.map(nameOf).join(", "),
    onclick: (event) => busy(event.currentTarget, () => act("react", { channel, ts: message.ts, name: r.name })),
  }, emojiNode(r.name) || `:${r.name}:`, h("span", {}, String(r.count)));
  return h("div.reactions", {}, rows.map(one));
}

function replies(message, open) {
  const faces = (message.reply_users || []).slice(0, 4).map((id) => avatar(person(id), ".mini"));
  const count = `${message.reply_count} ${message.reply_count === 1 ? "reply" : "replies"}`;
  return h("button.replies", { type: "button", onclick: () => open(message.ts) }, faces, h("span.link", {}, count), h("span.faint", {}, `Last at ${timeOf(message.latest_reply)}`));
}

function tools(message, channel, open) {
  if (message.is_ephemeral) return null;
  const react = (name) => h("button", { type: "button", "aria-label": `React with ${name.replaceAll("_", " ")}`, onclick: (event) => busy(event.currentTarget, () => act("react", { channel, ts: message.ts, name })) }, emojiNode(name));
  return h("div.tools", { role: "group", "aria-label": "Message actions" }, QUICK.slice(0, 3).map(react),
    open && h("button", { type: "button", "aria-label": "Reply in thread", title: "Reply in thread", onclick: () => open(message.thread_ts || message.ts) }, icon("reply")),
    menu(h("button", { type: "button", "aria-label": "More actions", title: "More actions" }, icon("more")), () => actions(message, channel)));
}

/** What a message's menu offers: the app's shortcuts, and what Slack offers itself. */
function actions(message, channel) {
  const shortcuts = store.shortcuts.filter((s) => s.kind === "message").map((s) => ({
    text: s.name, detail: s.description || "idp", act: () => busy(null, () => act("shortcut", { shortcut: s.callback_id, channel, ts: message.ts })),
  }));
  const link = `${location.origin}/archives/${channel}/p${message.ts.replace(".", "")}`;
  const copy = () => navigator.clipboard.writeText(link).then(() => notice("The link is copied."), () => notice(link));
  const mine = message.user === store.me && { text: "Delete message", act: () => busy(null, () => act("delete", { channel, ts: message.ts })) };
  return [...shortcuts, { text: "Copy link", act: copy }, mine].filter(Boolean);
}
