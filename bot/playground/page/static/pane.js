// The side pane: a thread, the tour, or the traffic between bot and Slack.

import { composer } from "./composer.js";
import { avatar, h, icon } from "./dom.js";
import { messageNode } from "./message.js";
import { channelName, fetchThread, person, store } from "./store.js";

function head(title, sub, close) {
  return h("header.pane-head", {}, h("div", {}, h("h2", {}, title), sub && h("span.faint", {}, sub)), h("button.icon-button", { type: "button", "aria-label": "Close the pane", onclick: close }, icon("close")));
}

export async function drawThread(root, channel, ts, close) {
  const rows = await fetchThread(channel, ts);
  if (store.thread !== ts) return;
  const list = h("div.thread-list", { role: "log", "aria-label": "Thread", tabindex: "0" });
  rows.forEach((message, index) => {
    list.append(messageNode(message, channel, {}));
    if (index === 0) list.append(h("div.day", {}, h("span", {}, rows.length === 1 ? "No replies yet" : `${rows.length - 1} ${rows.length === 2 ? "reply" : "replies"}`)));
  });
  const box = root.dataset.thread === ts ? root.querySelector(".composer") : null;
  root.dataset.thread = ts;
  if (box) root.querySelector(".thread-list").replaceWith(list);
  else root.replaceChildren(head("Thread", store.channels.get(channel)?.kind === "im" ? "idp" : `#${channelName(channel)}`, close), list, composer(channel, ts));
  list.scrollTop = list.scrollHeight;
}

export function drawTour(root, run, close) {
  delete root.dataset.thread;
  const step = (s, index) => {
    const who = person(s.user);
    const done = store.done.has(index);
    return h(`li.step${done ? ".done" : ""}`, {}, h("button", { type: "button", onclick: () => run(s, index) },
      h("span.step-sign", {}, done ? icon("check") : String(index + 1)),
      h("span.step-body", {}, h("strong", {}, s.title), h("span.faint", {}, s.why), h("span.step-who", {}, avatar(who, ".mini"), `${who.real_name} in ${s.place}`), h("code", {}, s.text))));
  };
  root.replaceChildren(head("Start here", "A click does it for you", close),
    h("div.pane-body", {}, h("p.lead", {}, "This is the whole bot on a made-up company, with a simulated Slack around it. Nothing leaves your machine."),
      h("ol.steps", {}, store.tour.steps.map(step))));
}

export function drawTraffic(root, close) {
  delete root.dataset.thread;
  const list = h("ol.traffic", { "aria-label": "Requests, newest first" }, [...store.traffic].reverse().slice(0, 200).map(exchange));
  const empty = !store.traffic.length && h("p.lead", {}, "Nothing has been sent yet. Type a command and watch what goes over the wire.");
  root.replaceChildren(head("Traffic", "What Slack and the bot say to each other", close), h("div.pane-body", {}, empty, list));
}

export function addTraffic(root, entry) {
  root.querySelector(".traffic")?.prepend(exchange(entry));
  root.querySelector(".traffic + .lead, .lead")?.remove();
}

function exchange(e) {
  const ok = e.status >= 200 && e.status < 300 && e.answer?.ok !== false;
  const word = e.answer?.ok === false ? e.answer.error : e.status || "no answer";
  const summary = h("summary", {}, h(`span.way${e.out ? ".out" : ".in"}`, { title: e.out ? "Slack to bot" : "bot to Slack" }, e.out ? "→ bot" : "← bot"),
    h("span.what", {}, e.name), h(`span.status${ok ? "" : ".bad"}`, {}, String(word)), h("span.ms", {}, `${(e.seconds * 1000).toFixed(1)} ms`));
  const details = h("details", {}, summary);
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(part("Request", e.request), part("Answer", e.answer), e.note ? part("Note", e.note) : "");
  });
  return h("li", {}, details);
}

function part(title, value) {
  const text = typeof value === "string" ? value || "(empty)" : JSON.stringify(value, null, 2);
  return h("div", {}, h("h3", {}, title), h("pre", { tabindex: "0" }, text));
}
