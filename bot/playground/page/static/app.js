// The page: who is where, what is shown, and the live feed that keeps it so.

import { busy, notice } from "./actions.js";
import { blocks } from "./blocks.js";
import { composer, deliver } from "./composer.js";
import { avatar, h, icon } from "./dom.js";
import "./elsewhere.js";
import { MessageList } from "./list.js";
import { showModal } from "./modal.js";
import { addTraffic, drawThread, drawTour, drawTraffic } from "./pane.js";
import { drawSidebar } from "./sidebar.js";
import { act, direct, drop, inThread, keep, load, person, store } from "./store.js";
import { emojis } from "./text.js";

const $ = (id) => document.getElementById(id);
const wide = () => matchMedia("(min-width: 1100px)").matches;
let list = null;
let pane = "";
let feed = null;

async function become(id, channel = store.channel) {
  await load(id);
  store.thread = "";
  localStorage.setItem("person", store.me);
  listen();
  const there = store.channels.has(channel) ? channel : [...store.channels.keys()][0];
  await go(there, "messages");
  showModal();
  if (pane === "thread") showPane(wide() ? "tour" : "");
  else drawPane();
}

async function go(channel, tab) {
  Object.assign(store, { channel, tab });
  store.unread.delete(channel);
  $("app").classList.remove("drawer");
  if (pane === "thread") showPane("");
  drawTop();
  side();
  if (tab === "home") {
    list = null;
    drawHome();
    await act("home", { tab });
  } else {
    list = new MessageList(channel, intro, enterThread);
    $("content").replaceChildren(list.root);
    const shut = store.channels.get(channel).archived && h("p.archived", {}, "This channel is archived. Nobody can write here.");
    $("foot").replaceChildren(prompts(), shut || composer(channel, "", () => list?.toNewest()), h("p.fine", {}, "Enter sends, Shift and Enter makes a new line. A local simulation: nothing leaves this machine."));
    await list.load();
    if (channel === direct()?.id) await act("home", { tab: "messages" });
  }
  if (wide()) $("composer")?.focus();
}

function drawTop() {
  const channel = store.channels.get(store.channel);
  const app = channel.kind === "im";
  document.title = `${app ? "idp" : `#${channel.name}`} · ${store.workspace} · local simulation`;
  const title = app ? [avatar(person(store.bot), ".mini"), "idp"] : [icon(channel.kind === "private" ? "lock" : "hash"), channel.name];
  const tab = (name, text) => h(`button.tab${store.tab === name ? ".here" : ""}`, { type: "button", role: "tab", "aria-selected": String(store.tab === name), onclick: () => go(channel.id, name) }, text);
  const toggle = (name, sign, text) => h(`button.ghost${pane === name ? ".here" : ""}`, { type: "button", "aria-pressed": String(pane === name), "aria-label": text, onclick: () => showPane(pane === name ? "" : name) }, icon(sign), h("span", {}, text));
  $("top").replaceChildren(
    h("button.icon-button.menu-button", { type: "button", "aria-label": "Channels and people", onclick: () => $("app").classList.toggle("drawer") }, icon("menu")),
    h("div.title", {}, h("h1", {}, title), app ? h("div.tabs", { role: "tablist", "aria-label": "idp" }, tab("home", "Home"), tab("messages", "Messages")) : h("span.faint", {}, channel.topic)),
    h("div.top-tools", {}, store.tour.steps.length > 0 && toggle("tour", "compass", "Start here"), toggle("traffic", "traffic", "Traffic")));
}

function intro() {
  const channel = store.channels.get(store.channel);
  if (channel.kind === "im") return h("div.intro", {}, avatar(person(store.bot), ".big"), h("h2", {}, "idp"), h("p", {}, "Ask in your own words, or with the words of the command. Only you and the app read this."));
  return h("div.intro", {}, h("span.big-sign", {}, icon(channel.kind === "private" ? "lock" : "hash")), h("h2", {}, channel.name), h("p", {}, channel.topic || "The beginning of this channel.", channel.shared ? h("span.shared-note", {}, "People of another company read here too.") : ""));
}

function prompts() {
  const said = store.assistant[store.channel] || {};
  const chips = (said.prompts || []).map((p) => h("button.prompt", { type: "button", onclick: () => busy(null, () => deliver(store.channel, "", p.message)) }, p.title));
  return h("div.prompts", { id: "prompts", hidden: !chips.length && !said.status }, said.status && h("span.faint", {}, "idp ", emojis(said.status)), chips);
}

function drawHome() {
  const view = store.home;
  const empty = h("div.intro", {}, avatar(person(store.bot), ".big"), h("h2", {}, "Home"), h("p", {}, "The app has not published anything here yet."));
  $("content").replaceChildren(h("div.scroll", { tabindex: "0" }, h("div.home", {}, view ? blocks(view.blocks, { view: view.id }) : empty)));
  $("foot").replaceChildren();
}

function side() {
  drawSidebar($("sidebar"), { go, become, theme: themeButton, reset });
}

function showPane(name) {
  pane = name;
  if (name !== "thread") store.thread = "";
  drawTop();
  return drawPane();
}

function drawPane() {
  const root = $("pane");
  root.hidden = !pane;
  $("app").dataset.pane = pane;
  const close = () => showPane("");
  if (pane === "tour") drawTour(root, runStep, close);
  if (pane === "traffic") drawTraffic(root, close);
  return pane === "thread" ? drawThread(root, store.channel, store.thread, close) : undefined;
}

async function openThread(ts) {
  store.thread = ts;
  await showPane("thread");
}

/** As openThread, for somebody who wants to write there. */
async function enterThread(ts) {
  await openThread(ts);
  if (wide()) $("pane").querySelector("textarea")?.focus();
}

async function runStep(step, index) {
  if (step.user !== store.me) await become(step.user, step.channel);
  else if (step.channel !== store.channel || store.tab !== "messages") await go(step.channel, "messages");
  if (!wide()) showPane("");
  list?.toNewest();
  const answer = await busy(null, () => deliver(step.channel, "", step.text));
  store.done.add(index);
  if (answer.ts) openThread(answer.ts);
  else drawPane();
}

async function reset() {
  await act("reset");
  store.done.clear();
  notice("Everything is as it was at the start.");
}

const THEMES = { auto: "moon", dark: "sun", light: "moon" };

function themeButton() {
  const dark = document.documentElement.dataset.theme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
  return h("button.ghost", { type: "button", onclick: () => setTheme(dark ? "light" : "dark") }, icon(THEMES[dark ? "dark" : "light"]), dark ? "Light" : "Dark");
}

function setTheme(name) {
  document.documentElement.dataset.theme = name;
  localStorage.setItem("theme", name);
  side();
}

/** The live feed; the browser connects again by itself, and what was missed is loaded anew. */
function listen() {
  feed?.close();
  feed = new EventSource(`/page/feed?as=${store.me}&after=${store.seq}`);
  let broken = false;
  feed.onerror = () => { broken = true; };
  feed.onopen = () => { if (broken) become(store.me).catch(() => {}); };
  feed.onmessage = (event) => happened(JSON.parse(event.data));
}

const HAPPENED = {
  message: arrived,
  changed: arrived,
  deleted(change) {
    drop(change.channel, change.ts);
    if (change.channel === store.channel) list?.changed(change.ts, "deleted");
    if (store.thread) drawPane();
  },
  modal(change) { store.modal = change.view; showModal(); },
  home(change) { store.home = change.view; if (store.tab === "home") drawHome(); },
  assistant(change) { store.assistant[change.channel] = change; if (list) $("prompts")?.replaceWith(prompts()); },
  notice(change) { notice(change.text); },
  traffic(change) { store.traffic.push(change); if (pane === "traffic") addTraffic($("pane"), change); },
  reset() { become(store.me); },
};

function happened(change) {
  store.seq = change.seq ?? store.seq;
  HAPPENED[change.kind]?.(change);
}

function arrived(change) {
  const { channel, message, kind } = change;
  keep(channel, message);
  if (channel === store.channel && list && !inThread(message)) list.changed(message.ts, kind);
  const root = message.thread_ts || message.ts;
  if (pane === "thread" && channel === store.channel && root === store.thread) drawPane();
  if (kind === "message" && message.user !== store.me && (channel !== store.channel || !list)) {
    store.unread.set(channel, (store.unread.get(channel) || 0) + 1);
    if (store.channels.has(channel)) side();
  }
  if (inThread(message) && message.is_ephemeral && kind === "message" && channel === store.channel) openThread(message.thread_ts);
}

document.documentElement.dataset.theme = localStorage.getItem("theme") || "";
$("shade").addEventListener("click", () => $("app").classList.remove("drawer"));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") escape(); });
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.actor[open]")) if (!open.contains(event.target)) open.open = false;
});

/** Escape closes one thing: the list of people, the menu of a phone, or the pane, and then one writes again. */
function escape() {
  const people = document.querySelector("details.actor[open]");
  if (people) {
    people.open = false;
    people.querySelector("summary").focus();
  } else if ($("app").classList.contains("drawer")) {
    $("app").classList.remove("drawer");
  } else if (pane && $("pane").contains(document.activeElement)) {
    showPane("");
    $("composer")?.focus();
  }
}

/** A link to a message, /archives/<channel>/p<time>, opens its channel and thread. */
async function follow() {
  const [, channel, seconds, rest] = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(location.pathname) || [];
  if (!store.channels.has(channel)) return;
  const root = new URLSearchParams(location.search).get("thread_ts") || `${seconds}.${rest}`;
  history.replaceState(null, "", "/");
  await go(channel, "messages");
  openThread(root);
}

try {
  await become(localStorage.getItem("person") || "").catch(() => become(""));
  showPane(wide() && store.tour.steps.length ? "tour" : "");
  await follow();
  document.documentElement.dataset.ready = "yes";
} catch (fault) {
  notice(`The local Slack does not answer: ${fault.message}`);
}


