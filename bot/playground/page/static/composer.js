// The message box: grows, completes commands, names, people and channels, and sends.

import { busy, notice } from "./actions.js";
import { h, icon } from "./dom.js";
import { menu } from "./menu.js";
import { act, channelName, direct, store } from "./store.js";

/** `thread` is "" in a channel. `sent` is called when the server took the message. */
export function composer(channel, thread, sent = () => {}) {
  const where = channel === direct()?.id ? "idp" : `#${channelName(channel)}`;
  const title = thread ? "Reply…" : `Message ${where}, or type ${store.tour.command}`;
  const list = h("ul.completions", { id: `c-${channel}-${thread}`, role: "listbox", "aria-label": "Suggestions", hidden: true });
  const box = h("textarea", {
    id: thread ? null : "composer", rows: 1, placeholder: title, "aria-label": title, autocomplete: "off", spellcheck: "false",
    role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list",
  });
  const button = h("button.send", { type: "submit", "aria-label": "Send", disabled: true }, icon("send"));
  const form = h("form.composer", { onsubmit: (event) => { event.preventDefault(); send(); } }, list, thread ? null : shortcuts(), box, button);
  let items = [];
  let active = 0;

  const open = (yes) => {
    list.hidden = !yes;
    box.setAttribute("aria-expanded", String(yes));
    if (!yes) box.removeAttribute("aria-activedescendant");
  };
  const grow = () => {
    button.disabled = !box.value.trim();
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 200)}px`;
  };
  const draw = () => {
    list.replaceChildren(...items.map((o, i) => h("li", { id: `${list.id}-${i}`, role: "option", "aria-selected": String(i === active), onmousedown: (event) => { event.preventDefault(); take(o); } }, h("span.word", {}, o.shown), h("span.faint", {}, o.detail))));
    open(items.length > 0);
    if (items.length) box.setAttribute("aria-activedescendant", `${list.id}-${active}`);
    list.children[active]?.scrollIntoView({ block: "nearest" });
  };
  const complete = () => {
    items = completions(box.value.slice(0, box.selectionStart), Boolean(thread)).slice(0, 9);
    active = 0;
    draw();
  };
  const take = (o) => {
    const end = box.selectionStart;
    box.setRangeText(o.text, end - o.typed.length, end, "end");
    grow();
    complete();
  };
  const send = async () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow();
    open(false);
    const answer = await busy(form, () => deliver(channel, thread, text));
    if (answer.ok) sent(answer.ts);
    else if (answer.refused) box.value = text;
  };
  box.addEventListener("input", () => { grow(); complete(); });
  box.addEventListener("blur", () => open(false));
  box.addEventListener("keydown", (event) => {
    const shown = !list.hidden;
    if (shown && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
      draw();
    } else if (shown && (event.key === "Tab" || (event.key === "Enter" && !done(box.value, items[active])))) {
      event.preventDefault();
      take(items[active]);
    } else if (shown && event.key === "Escape") {
      event.preventDefault();
      open(false);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  return form;
}

/** The "+" beside the message box, where an app's global shortcuts are; absent when there are none. */
function shortcuts() {
  const all = store.shortcuts.filter((s) => s.kind === "global");
  if (!all.length) return null;
  const items = all.map((s) => ({ text: s.name, detail: s.description || "idp", act: () => busy(null, () => act("shortcut", { shortcut: s.callback_id })) }));
  return menu(h("button.plus", { type: "button", "aria-label": "Shortcuts", title: "Shortcuts" }, icon("plus")), items);
}

/** Nothing is left to complete, so that Enter sends. */
const done = (value, item) => !item || value.endsWith(item.text.trimEnd()) || !item.eager;

/** Send typed text as the person would: a slash command or a message. */
export async function deliver(channel, thread, text) {
  const command = store.tour.command;
  const word = text.split(/\s/)[0];
  if (!text.startsWith("/")) return act("say", { channel, thread, text });
  if (word !== command) {
    notice(`${word} is not a command here. Try ${command} help.`);
    return { ok: false, refused: true };
  }
  if (thread) {
    notice(`${command} cannot be used in a thread, as in Slack. Mention @idp instead.`);
    return { ok: false, refused: true };
  }
  return act("command", { channel, text });
}

/** What could come next: [{typed, text, shown, detail, eager}]. `eager` ones are taken by Enter. */
function completions(before, thread) {
  const { command, verbs, names } = store.tour;
  const starts = (words, typed, detail, eager) => words.filter(([w]) => w.startsWith(typed) && w !== typed).map(([w, d]) => ({ typed, text: `${w} `, shown: w, detail: d || detail, eager }));
  let match;
  if (!thread && before && command.startsWith(before)) return [{ typed: before, text: `${command} `, shown: command, detail: "Ask the internal developer platform", eager: true }];
  if ((match = /^(?:\/idp|@idp) +(\S*)$/.exec(before))) return starts(verbs, match[1], "", Boolean(match[1]));
  if ((match = /^(?:\/idp|@idp) .*?(\S+)$/.exec(before)) && !/^[@#]/.test(match[1])) return starts(names.map((n) => [n]), match[1], "in the catalog", false);
  if ((match = /(?:^|\s)@(\S*)$/.exec(before))) return [...store.people.values()].filter((p) => p.name.startsWith(match[1]) || p.real_name.toLowerCase().startsWith(match[1])).map((p) => ({ typed: `@${match[1]}`, text: `@${p.name} `, shown: `@${p.name}`, detail: p.real_name, eager: true }));
  if ((match = /(?:^|\s)#(\S*)$/.exec(before))) return [...store.channels.values()].filter((c) => c.kind !== "im" && c.name.startsWith(match[1])).map((c) => ({ typed: `#${match[1]}`, text: `#${c.name} `, shown: `#${c.name}`, detail: c.topic, eager: true }));
  return [];
}
