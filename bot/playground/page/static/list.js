// A channel's messages. Only a window of them is in the document, so that 10,000 scroll like 100.

import { h } from "./dom.js";
import { dayOf, messageNode, sameDay } from "./message.js";
import { fetchMessages, store } from "./store.js";

const WINDOW = 120; // messages in the document
const STEP = 40; // how far the window moves at once
const EDGE = 600; // pixels from an end at which it moves
const CLOSE = 300; // seconds within which lines of one person stand together

export class MessageList {
  constructor(channel, intro, open) {
    this.channel = channel;
    this.open = open;
    this.intro = intro;
    this.first = 0;
    this.last = 0;
    this.loading = false;
    this.inner = h("div.messages", { role: "log", "aria-label": "Messages", "aria-live": "polite" });
    this.newer = h("button.newer", { type: "button", hidden: true, onclick: () => this.toNewest() }, "New below");
    this.root = h("div.scroll", { tabindex: "0" }, this.inner, this.newer);
    this.root.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.stick = true;
    // neither a picture that loads later nor a narrower page (the side pane, a turned phone) may push the newest
    // message out of sight
    new ResizeObserver(() => this.stick && this.toEnd()).observe(this.inner);
  }

  get list() {
    return store.messages.get(this.channel)?.list || [];
  }

  async load() {
    if (!store.messages.has(this.channel)) await fetchMessages(this.channel);
    this.toNewest();
  }

  toNewest() {
    this.last = this.list.length;
    this.first = Math.max(0, this.last - WINDOW);
    this.draw();
    this.toEnd();
  }

  toEnd() {
    this.stick = true;
    this.newer.hidden = true;
    this.width = this.root.clientWidth;
    this.root.scrollTop = this.root.scrollHeight;
  }

  node(index) {
    const message = this.list[index];
    const before = this.list[index - 1];
    const day = !before || !sameDay(before.ts, message.ts);
    const close = !day && before.user === message.user && !before.is_ephemeral && Number(message.ts) - Number(before.ts) < CLOSE;
    const node = messageNode(message, this.channel, { close, open: this.open });
    return day ? [h("div.day", { role: "separator", "aria-label": dayOf(message.ts) }, h("span", {}, dayOf(message.ts))), node] : [node];
  }

  nodes(first, last) {
    const nodes = [];
    for (let i = first; i < last; i += 1) nodes.push(...this.node(i));
    return nodes;
  }

  draw() {
    const whole = this.first === 0 && !store.messages.get(this.channel)?.more;
    this.inner.replaceChildren(...(whole && this.intro ? [this.intro()] : []), ...this.nodes(this.first, this.last));
  }

  /** Draw again and keep the message that is at the top of the view where it is. */
  redraw() {
    const top = this.root.getBoundingClientRect().top;
    const held = [...this.inner.querySelectorAll(".message")].find((n) => n.getBoundingClientRect().bottom > top);
    const offset = held ? held.getBoundingClientRect().top : 0;
    this.draw();
    if (this.stick) return this.toEnd();
    const again = held && this.inner.querySelector(`[data-ts="${held.dataset.ts}"]`);
    if (again) this.root.scrollTop += again.getBoundingClientRect().top - offset;
  }

  async scrolled() {
    const { scrollTop, scrollHeight, clientHeight, clientWidth } = this.root;
    if (this.stick && this.width !== clientWidth) return this.toEnd(); // the page was laid out anew: nobody scrolled
    const below = scrollHeight - scrollTop - clientHeight;
    this.stick = below < 60 && this.last === this.list.length;
    if (this.stick) this.newer.hidden = true;
    if (this.loading) return undefined;
    if (scrollTop < EDGE) await this.earlier();
    else if (below < EDGE && this.last < this.list.length) this.later();
    return undefined;
  }

  async earlier() {
    if (this.first === 0 && store.messages.get(this.channel)?.more) {
      this.loading = true;
      const added = await fetchMessages(this.channel, true);
      this.loading = false;
      this.first += added;
      this.last += added;
    }
    if (this.first === 0) return;
    const from = Math.max(0, this.first - STEP);
    const height = this.inner.scrollHeight;
    this.inner.prepend(...(from === 0 && !store.messages.get(this.channel)?.more && this.intro ? [this.intro()] : []), ...this.nodes(from, this.first));
    this.first = from;
    this.root.scrollTop += this.inner.scrollHeight - height;
    for (; this.last > from + WINDOW; this.last -= 1) this.cut("lastElementChild");
  }

  later() {
    const to = Math.min(this.list.length, this.last + STEP);
    this.inner.append(...this.nodes(this.last, to));
    this.last = to;
    const height = this.inner.scrollHeight;
    for (; this.first < to - WINDOW; this.first += 1) this.cut("firstElementChild");
    this.root.scrollTop -= height - this.inner.scrollHeight;
  }

  /** Take the message at one end out of the document, with the line of its day. */
  cut(end) {
    let gone;
    do {
      gone = this.inner[end];
      gone?.remove();
    } while (gone && !gone.classList.contains("message"));
    while (end === "lastElementChild" && this.inner.lastElementChild?.classList.contains("day")) this.inner.lastElementChild.remove();
  }

  /** A message came, changed or went. */
  changed(ts, kind) {
    const index = this.list.findIndex((m) => m.ts === ts);
    if (kind === "message" && index === this.list.length - 1) return this.added(index);
    const there = this.inner.querySelector(`.message[data-ts="${ts}"]`);
    if (kind === "changed" && there && index >= 0) {
      const fresh = this.node(index).at(-1);
      there.replaceWith(fresh);
      if (this.stick) this.toEnd();
      return undefined;
    }
    this.last = Math.min(this.last, this.list.length);
    return this.redraw();
  }

  added(index) {
    this.newer.hidden = this.stick;
    if (this.last !== index) return undefined; // the window is elsewhere: it comes when one scrolls there
    this.last = index + 1;
    this.inner.append(...this.node(index));
    if (this.stick) {
      this.toEnd();
      if (this.last - this.first > WINDOW + STEP) this.toNewest();
    }
    return undefined;
  }
}
