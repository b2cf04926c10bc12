// Channels, the app, and whom one acts as.

import { avatar, h, icon } from "./dom.js";
import { direct, person, store } from "./store.js";

/** `go(channel, tab)` opens a place, `become(id)` switches the person. */
export function drawSidebar(root, { go, become, theme, reset }) {
  const rooms = [...store.channels.values()].filter((c) => c.kind !== "im");
  const app = direct();
  root.replaceChildren(
    h("div.brand", {}, h("span.mark", { "aria-hidden": "true" }, "⌁"), h("div", {}, h("strong", {}, store.workspace), h("span", {}, "Local simulation, not Slack"))),
    h("div.rooms", {},
      h("h2", {}, "Channels"),
      h("ul", {}, rooms.map((c) => h("li", {}, room(c, () => go(c.id, "messages"))))),
      h("h2", {}, "Apps"),
      h("ul", {}, app && h("li", {}, room({ ...app, name: "idp" }, () => go(app.id, store.channel === app.id ? store.tab : "messages"))))),
    actor(become),
    h("div.tools-row", {}, theme(), h("button.ghost", { type: "button", onclick: reset }, icon("reset"), "Start over")));
}

function room(channel, onclick) {
  const here = channel.id === store.channel;
  const count = store.unread.get(channel.id);
  const sign = channel.kind === "im" ? avatar(person(store.bot), ".mini") : icon(channel.kind === "private" ? "lock" : "hash");
  return h(`button.room${here ? ".here" : ""}${count ? ".unread" : ""}`, { type: "button", onclick, "aria-current": here ? "page" : null },
    sign, h("span.room-name", {}, channel.name), channel.shared && h("span.shared", { title: "Shared with another company" }, "shared"), count && h("span.count", { "aria-label": `${count} unread` }, String(count)));
}

function actor(become) {
  const me = person(store.me);
  const choice = (id) => {
    const p = person(id);
    return h("li", {}, h(`button${id === store.me ? ".me" : ""}`, { type: "button", "data-person": p.name, "aria-current": id === store.me ? "true" : null, onclick: (event) => { event.currentTarget.closest("details").open = false; become(id); } },
      avatar(p, ".mini"), h("span", {}, h("strong", {}, p.real_name), h("span.faint", {}, p.role))));
  };
  return h("details.actor", {},
    h("summary", { "aria-label": `You act as ${me.real_name}, ${me.role}. Switch person` }, avatar(me), h("span", {}, h("span.faint", {}, "You act as"), h("strong", {}, me.real_name), h("span.faint", {}, me.role)), icon("down")),
    h("ul.people", {}, store.actors.map(choice)));
}
