import { announce, say } from "./announce.js";
import { post } from "./connection.js";
import { fail, forget } from "./outbox.js";
import { markNew, markRead, noteArrival } from "./reading.js";
import { changed, draftAt, me, state } from "./state.js";

/**
 * @import { FrameOf, ServerFrame } from "../wire.ts"
 */

/** Brings the state up to date with what the server says. @param {ServerFrame} frame */
export function receive(frame) {
  switch (frame.type) {
    case "welcome":
      welcome(frame);
      break;
    case "history":
      history(frame);
      break;
    case "message":
      message(frame.message);
      break;
    case "channels":
      state.channels = frame.channels;
      break;
    case "unread":
      state.channels = state.channels.map((each) =>
        each.channel === frame.channel ? { ...each, unread: frame.count } : each,
      );
      break;
    case "working":
      if (frame.on) state.working.add(frame.ask);
      else state.working.delete(frame.ask);
      break;
    case "accepted":
      forget(frame.id);
      break;
    case "done":
      done(frame.id);
      break;
    case "refused":
      refused(frame.id, frame.why);
      break;
    case "form":
      state.form = { view: frame.view, id: frame.id, pending: undefined };
      state.setAside.delete(frame.view.answers ?? frame.view.thread);
      break;
    case "completions":
      completions(frame);
      break;
    case "problem":
      state.problem = frame.why;
      break;
    case "beat":
      return;
  }
  changed();
}

/** @param {Extract<ServerFrame, { type: "welcome" }>} frame */
function welcome(frame) {
  if (state.account !== "" && state.account !== frame.account) forgetPerson();
  state.connection = "online";
  state.account = frame.account;
  state.accounts = frame.accounts;
  state.channels = frame.channels;
  state.examples = frame.examples;
  state.working = new Set(frame.working);
  sessionStorage.setItem("wardroom.account", frame.account);
  if (!frame.channels.some((each) => each.channel === state.channel)) {
    const wanted = sessionStorage.getItem("wardroom.channel");
    state.channel = (frame.channels.find((each) => each.channel === wanted) ?? frame.channels[0])?.channel ?? "";
  }
  takeEarlyDraft();
  state.loaded.clear();
  post({ type: "open", channel: state.channel });
  resend();
}

/** What was typed before it was known where one is. */
function takeEarlyDraft() {
  const early = state.drafts.get("");
  if (!early || !state.drafts.delete("") || state.drafts.has(state.channel)) return;
  state.drafts.set(state.channel, early);
}

/** Nothing one person was shown, opened or was typing is left for the next. */
function forgetPerson() {
  say("");
  state.messages = new Map();
  state.drafts = new Map();
  state.more = new Set();
  state.newFrom = new Map();
  state.setAside = new Map();
  state.pressing = new Map();
  state.form = undefined;
  state.thread = undefined;
  state.below = 0;
}

/** Sends again what was not acknowledged. What someone else sent is never sent in this person's name. */
function resend() {
  for (const [id, outbound] of state.outbox) {
    if (outbound.why !== undefined) continue;
    if (outbound.account === state.account) post(outbound.frame);
    else fail(id, "It was not sent: you are someone else now.");
  }
}

/** @param {Extract<ServerFrame, { type: "history" }>} frame */
function history(frame) {
  if (frame.before === undefined) {
    for (const [id, each] of state.messages) if (each.channel === frame.channel) state.messages.delete(id);
  }
  for (const each of frame.messages) state.messages.set(each.id, each);
  if (!state.newFrom.has(frame.channel)) markNew(frame.channel, frame.readTo);
  state.loaded.add(frame.channel);
  if (frame.more) state.more.add(frame.channel);
  else state.more.delete(frame.channel);
  markRead();
}

/** @param {Extract<ServerFrame, { type: "message" }>["message"]} arrived */
function message(arrived) {
  const known = state.messages.get(arrived.id);
  if (known && known.version > arrived.version) return;
  state.messages.set(arrived.id, arrived);
  const mine = arrived.author.kind === "person" && arrived.author.account === state.account;
  if (mine || known?.touched === arrived.touched) return;
  if (arrived.channel === state.channel) announce(arrived);
  noteArrival(arrived);
}

/** @param {string} id */
function done(id) {
  forget(id);
  state.pressing.delete(id);
  if (state.form?.pending === id) state.form = undefined;
}

/** @param {string} id @param {string} why */
function refused(id, why) {
  const outbound = state.outbox.get(id);
  state.pressing.delete(id);
  if (state.form?.pending === id) state.form = { ...state.form, pending: undefined };
  if (outbound?.frame.type === "send") fail(id, why);
  else {
    forget(id);
    state.problem = why;
  }
}

/** @param {Extract<ServerFrame, { type: "completions" }>} frame */
function completions(frame) {
  const spot = awaiting.get(frame.seq);
  awaiting.delete(frame.seq);
  if (spot === undefined || frame.seq !== asked) return;
  const draft = draftAt(spot);
  draft.offers = frame.items;
  draft.chosen = -1;
}

let asked = 0;
/** @type {Map<number, string>} */
const awaiting = new Map();

/**
 * Asks what fits; only the answer to the last question counts.
 * @param {string} spot @param {Omit<FrameOf<"complete">, "type" | "seq">} question
 */
export function askCompletions(spot, question) {
  asked += 1;
  awaiting.clear();
  if (me() && post({ type: "complete", seq: asked, ...question })) awaiting.set(asked, spot);
}

/** Answers that are still on their way come too late. */
export function forgetCompletions() {
  asked += 1;
  awaiting.clear();
}
