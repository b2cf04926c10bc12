// What the page knows, and how it asks the server. One object; whoever shows something reads it from here.

export const store = {
  me: "", bot: "", workspace: "", seq: 0,
  people: new Map(), groups: new Map(), channels: new Map(), actors: [], shortcuts: [],
  tour: { command: "/idp", verbs: [], names: [], steps: [] }, done: new Set(),
  modal: null, home: null, assistant: {}, traffic: [],
  messages: new Map(), // channel id -> {list, more}
  unread: new Map(), channel: "", tab: "messages", thread: "",
};

async function asked(path, options) {
  const response = await fetch(path, { credentials: "omit", ...options });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error || response.statusText);
  return answer;
}

/** Do something as the person: act("command", {channel, text}) -> {ok, error, errors, options}. */
export function act(name, body = {}) {
  const text = JSON.stringify({ as: store.me, act: name, ...body });
  return asked("/page/act", { method: "POST", headers: { "Content-Type": "application/json" }, body: text });
}

/** Where an upload is, for the person: Slack opens a file for those only who may read where it is shared. */
export const fileOf = (id) => `/page/files/${id}?as=${store.me}`;

/** Upload a chosen file as the person, as Slack does before a form is sent -> {ok, id}. */
export function upload(file) {
  const path = `/page/upload?as=${store.me}&name=${encodeURIComponent(file.name)}`;
  return asked(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file });
}

/** Load everything but the messages for one person. */
export async function load(person) {
  const state = await asked(`/page/state.json?as=${encodeURIComponent(person)}`);
  Object.assign(store, state, {
    people: new Map(state.people.map((p) => [p.id, p])),
    groups: new Map(state.groups.map((g) => [g.id, g])),
    channels: new Map(state.channels.map((c) => [c.id, c])),
    messages: new Map(),
  });
}

/** The newest messages of a channel, or with `older` the page before what is there. */
export async function fetchMessages(channel, older = false) {
  const known = store.messages.get(channel);
  const before = older && known?.list.length ? `&before=${known.list[0].ts}` : "";
  const answer = await asked(`/page/messages.json?as=${store.me}&channel=${channel}${before}`);
  const list = before ? [...answer.messages, ...known.list] : answer.messages;
  store.messages.set(channel, { list, more: answer.more });
  return answer.messages.length;
}

export async function fetchThread(channel, ts) {
  return (await asked(`/page/messages.json?as=${store.me}&channel=${channel}&thread=${ts}`)).messages;
}

export const inThread = (m) => m.thread_ts && m.thread_ts !== m.ts && m.subtype !== "thread_broadcast";

/** Put a message where it belongs, or change it there; true when the channel's list is loaded. */
export function keep(channel, message) {
  const known = store.messages.get(channel);
  if (!known || inThread(message)) return Boolean(known);
  const at = known.list.findLastIndex((m) => m.ts <= message.ts);
  if (at >= 0 && known.list[at].ts === message.ts) known.list[at] = message;
  else known.list.splice(at + 1, 0, message);
  return true;
}

export function drop(channel, ts) {
  const known = store.messages.get(channel);
  if (known) known.list = known.list.filter((m) => m.ts !== ts);
}

export const person = (id) => store.people.get(id);
export const nameOf = (id) => (id === "USLACKBOT" ? "Slackbot" : person(id)?.real_name || id);

export function channelName(id) {
  const channel = store.channels.get(id);
  if (!channel) return id;
  return channel.kind === "im" ? "idp" : channel.name;
}

/** The DM of the acting person with the app. */
export const direct = () => [...store.channels.values()].find((c) => c.kind === "im");
