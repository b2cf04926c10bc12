// A file input: files are uploaded as they are chosen, and the form holds their ids.

import { busy } from "./actions.js";
import { h } from "./dom.js";
import { upload } from "./store.js";

/** `start` are files chosen before; `tell(files)` hears of changes; a file is {id, name}. */
export function filesInput(e, attributes, start, tell) {
  const most = e.max_files || 10;
  const accept = (e.filetypes || []).map((kind) => `.${kind}`).join(",");
  let files = [...(start || [])];
  const chips = h("div.file-chips");
  const input = h("input", { ...attributes, type: "file", multiple: most > 1, accept: accept || null });
  const changed = () => {
    chips.replaceChildren(...files.map((file) => h("span.chip", {}, file.name, h("button", { type: "button", "aria-label": `Remove ${file.name}`, onclick: () => { files = files.filter((f) => f !== file); changed(); } }, "×"))));
    tell(files);
  };
  const add = async (file) => {
    const answer = await busy(input, () => upload(file));
    if (answer.ok) files = [...files, { id: answer.id, name: file.name }].slice(-most);
  };
  input.addEventListener("change", async () => {
    for (const file of [...input.files]) await add(file);
    input.value = "";
    changed();
  });
  changed();
  return h("div.files", {}, chips, input);
}
