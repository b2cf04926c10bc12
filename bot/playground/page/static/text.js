// Slack's mrkdwn as DOM. Nothing is ever parsed as HTML; only http, https and mailto become links.

import { h } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { channelName, nameOf, store } from "./store.js";

export const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function anchor(url, label) {
  const safe = /^(https?:|mailto:)/i.test(url);
  if (!safe) return label ? `${label} (${url})` : url;
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, label || url);
}

export const mention = (text, mine = false) => h(mine ? "span.mention.mine" : "span.mention", {}, text);

/** Text of a mrkdwn object as nodes; quotes and code fences are blocks of their own. */
export function mrkdwn(text) {
  const nodes = [];
  const parts = String(text).split("```");
  for (const [index, part] of parts.entries()) {
    if (index % 2) nodes.push(h("pre", { tabindex: "0" }, decode(stripRefs(part.replace(/^\n|\n$/g, "")))));
    else if (part) nodes.push(...quoted(beside(part, index > 0, index < parts.length - 1)));
  }
  return nodes;
}

// A fence is a block: the line break beside it is not a line of its own.
const beside = (part, after, before) => part.replace(after ? /^ *\n/ : /^$/, "").replace(before ? /\n$/ : /^$/, "");

const stripRefs = (text) => text.replace(/<([^<>|]+)\|([^<>]*)>/g, "$2").replace(/<(https?:[^<>]+)>/g, "$1");

function quoted(text) {
  const nodes = [];
  let quote = [];
  const flush = () => {
    if (quote.length) nodes.push(h("blockquote", {}, lines(quote)));
    quote = [];
  };
  let plain = [];
  const settle = () => {
    if (plain.length) nodes.push(...lines(plain));
    plain = [];
  };
  for (const line of text.split("\n")) {
    const marked = line.startsWith("&gt;") || /^>/.test(line);
    if (marked) {
      settle();
      quote.push(line.replace(/^(&gt;|>) ?/, ""));
    } else {
      flush();
      plain.push(line);
    }
  }
  flush();
  settle();
  return nodes;
}

const lines = (list) => list.flatMap((line, index) => (index ? [h("br"), ...inline(line)] : inline(line)));

const TOKEN = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*?\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*?\S)~(?![\w~])|:([a-z0-9_+'-]+):|(https?:\/\/[^\s<>|]+[^\s<>|.,;:!?)\]'"])/g;

/** One line: references, code, bold, italic, struck, emoji and bare addresses. */
export function inline(text) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > last) nodes.push(decode(text.slice(last, match.index)));
    nodes.push(token(match));
    last = match.index + match[0].length;
  }
  if (last < text.length) nodes.push(decode(text.slice(last)));
  return nodes;
}

function token([whole, reference, code, bold, italic, struck, emoji, address]) {
  if (reference !== undefined) return refer(reference);
  if (code !== undefined) return h("code", {}, decode(stripRefs(code)));
  if (bold !== undefined) return h("strong", {}, inline(bold));
  if (italic !== undefined) return h("em", {}, inline(italic));
  if (struck !== undefined) return h("s", {}, inline(struck));
  if (emoji !== undefined) return emojiNode(emoji) || whole;
  return anchor(decode(address));
}

/** What stands between < and >. */
function refer(inside) {
  const [target, label] = split(inside);
  if (/^@[UW]/.test(target)) return mention(`@${nameOf(target.slice(1))}`, target.slice(1) === store.me);
  if (/^#C/.test(target)) return mention(`#${store.channels.has(target.slice(1)) ? channelName(target.slice(1)) : label || "private-channel"}`);
  if (target.startsWith("!subteam^")) return mention(`@${store.groups.get(target.slice(9))?.handle || label || "group"}`);
  if (target.startsWith("!date^")) return moment(target, label);
  if (target.startsWith("!")) return mention(`@${decode(label || target.slice(1))}`, true);
  return anchor(decode(target), label ? decode(label) : "");
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
}

function moment(target, fallback) {
  const [, seconds, format = ""] = target.split("^");
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return decode(fallback);
  const day = date.toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric" });
  const time = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  const shown = format.replace(/\{date[a-z_]*\}/g, day).replace(/\{time[a-z_]*\}/g, time).replace(/\{[a-z_]+\}/g, day);
  return h("time", { datetime: date.toISOString(), title: date.toISOString() }, shown || decode(fallback));
}

/** A plain_text or mrkdwn object. */
export function textOf(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text);
  return emojis(object.text);
}

/** Plain text in which only emoji names mean something. */
export function emojis(text) {
  return decode(String(text)).split(/(:[a-z0-9_+'-]+:)/).filter(Boolean).map((p) => (/^:.+:$/.test(p) && emojiNode(p.slice(1, -1))) || p);
}
