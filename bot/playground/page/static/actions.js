// What surrounds a press: the confirm dialog, the busy mark, and lines that appear for a moment.

import { h } from "./dom.js";
import { textOf } from "./text.js";

export function notice(text) {
  const line = h("div.notice", {}, text);
  document.getElementById("notices").append(line);
  setTimeout(() => line.remove(), 6000);
}

/** Run something while its element shows that it is busy; a failure becomes a notice. */
export async function busy(node, work) {
  node?.classList.add("busy");
  node?.setAttribute("aria-busy", "true");
  try {
    const answer = await work();
    if (!answer.ok && answer.error && !Object.keys(answer.errors || {}).length) notice(said(answer.error));
    return answer;
  } catch (fault) {
    notice(said(fault.message));
    return { ok: false, error: fault.message };
  } finally {
    node?.classList.remove("busy");
    node?.removeAttribute("aria-busy");
  }
}

const SENTENCES = {
  operation_timeout: "The bot did not acknowledge within three seconds.",
  dispatch_failed: "The bot cannot be reached.",
  http_error: "The bot answered with an error.",
};
const said = (code) => SENTENCES[code] || code;

/** A confirm dialog of Block Kit; resolves to whether the person went on. */
export function confirmed(confirm) {
  return new Promise((resolve) => {
    const done = (yes) => { dialog.close(); dialog.remove(); resolve(yes); };
    const style = confirm.style === "danger" ? "danger" : "primary";
    const dialog = h("dialog.confirm", { "aria-labelledby": "confirm-title", oncancel: () => done(false) },
      h("h2", { id: "confirm-title" }, textOf(confirm.title)),
      h("div.text", {}, textOf(confirm.text)),
      h("div.dialog-buttons", {},
        h("button.button.plain", { type: "button", onclick: () => done(false) }, textOf(confirm.deny)),
        h(`button.button.${style}`, { type: "button", onclick: () => done(true), autofocus: true }, textOf(confirm.confirm))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
