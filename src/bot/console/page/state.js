/**
 * @import { Completion } from "../../language/suggest.ts"
 * @import { ChannelView, ConsoleAccount, FormView, FrameOf, MessageView } from "../wire.ts"
 */

/** @typedef {FrameOf<"send"> | FrameOf<"press"> | FrameOf<"submit">} OutFrame */
/**
 * Something that was sent and is not yet known to be safe.
 * @typedef {{ frame: OutFrame, account: string, channel: string, at: number, why?: string }} Outbound
 */
/**
 * @typedef {object} Draft
 * @property {string} text
 * @property {boolean} say
 * @property {readonly Completion[]} offers
 * @property {number} chosen Index in `offers`; -1 while none is.
 * @property {number} recall Steps back into what was sent before; 0 is the draft itself.
 */
/** @typedef {{ view: FormView, id: string, pending: string | undefined }} OpenForm */

/** Everything the page shows is a function of this. Only this tab's; who it is lives on the server. */
export const state = {
  /** @type {"connecting" | "online" | "offline"} */
  connection: "connecting",
  account: "",
  /** @type {readonly ConsoleAccount[]} */
  accounts: [],
  /** @type {readonly ChannelView[]} */
  channels: [],
  /** @type {readonly string[]} */
  examples: [],
  channel: "",
  /** @type {Map<string, MessageView>} */
  messages: new Map(),
  /** Channels whose newest messages are here. @type {Set<string>} */
  loaded: new Set(),
  /** Channels with older messages to fetch. @type {Set<string>} */
  more: new Set(),
  /** Where the line above what is new stands, by channel. @type {Map<string, string | undefined>} */
  newFrom: new Map(),
  /** @type {Set<string>} */
  working: new Set(),
  /** @type {Map<string, Outbound>} */
  outbox: new Map(),
  /** Buttons under way, as `message action`, by delivery. @type {Map<string, string>} */
  pressing: new Map(),
  /** @type {string | undefined} */
  thread: undefined,
  /** @type {Map<string, Draft>} */
  drafts: new Map(),
  /** What this visitor sent, newest last. @type {string[]} */
  sent: [],
  /** @type {OpenForm | undefined} */
  form: undefined,
  /** Forms that were closed unsent, by the message they belong under. @type {Map<string, { view: FormView, id: string }>} */
  setAside: new Map(),
  /** @type {string | undefined} */
  problem: undefined,
  menu: false,
  drawer: false,
  hintsClosed: localStorage.getItem("wardroom.hints") === "closed",
  /** Messages of others that arrived out of sight. */
  below: 0,
  /** Long tables and texts that were opened up. @type {Set<string>} */
  expanded: new Set(),
};

/** @type {() => void} */
let show = () => {};
let due = false;

/** @param {() => void} render */
export function onChange(render) {
  show = render;
}

/** Shows the state once the present work is done, however often it is called. */
export function changed() {
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    show();
  });
}

/** @param {string} spot A channel, or `thread:` and a message id. @returns {Draft} */
export function draftAt(spot) {
  const known = state.drafts.get(spot);
  if (known) return known;
  /** @type {Draft} */
  const fresh = { text: "", say: false, offers: [], chosen: -1, recall: 0 };
  state.drafts.set(spot, fresh);
  return fresh;
}

export function me() {
  return state.accounts.find((each) => each.id === state.account);
}

export function here() {
  return state.channels.find((each) => each.channel === state.channel);
}

/** Of the channel, oldest first. @param {string} channel */
export function messagesIn(channel) {
  return [...state.messages.values()].filter((each) => each.channel === channel).toSorted((a, b) => a.seq - b.seq);
}
