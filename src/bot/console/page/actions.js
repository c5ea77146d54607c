import { post } from "./connection.js";
import { forget, keep } from "./outbox.js";
import { goToEnd, markNew } from "./reading.js";
import { forgetCompletions } from "./receive.js";
import { changed, draftAt, here, state } from "./state.js";

/**
 * @import { MessageView } from "../wire.ts"
 * @import { OutFrame } from "./state.js"
 */

/** @param {string} channel */
export function openChannel(channel) {
  state.drawer = false;
  if (channel === state.channel) return changed();
  state.newFrom.delete(state.channel);
  state.channel = channel;
  state.thread = undefined;
  sessionStorage.setItem("wardroom.channel", channel);
  if (!state.loaded.has(channel)) post({ type: "open", channel });
  else markNew(channel, lastSeen(channel));
  goToEnd();
}

/** Messages beyond this were not seen yet. @param {string} channel */
function lastSeen(channel) {
  const unread = here()?.unread ?? 0;
  const touched = [...state.messages.values()]
    .filter((each) => each.channel === channel)
    .map((each) => each.touched)
    .toSorted((a, b) => b - a);
  return unread === 0 ? (touched[0] ?? 0) : (touched[unread] ?? 0);
}

export function loadOlder() {
  const oldest = [...state.messages.values()]
    .filter((each) => each.channel === state.channel && each.thread === undefined)
    .reduce((least, each) => Math.min(least, each.seq), Number.MAX_SAFE_INTEGER);
  post({ type: "open", channel: state.channel, before: oldest });
}

/** @param {string} spot */
export function sendDraft(spot) {
  const draft = draftAt(spot);
  const text = draft.text.trim();
  if (!text) return;
  draft.text = "";
  draft.recall = 0;
  closeOffers(spot);
  sendText(text, {
    say: draft.say,
    ...(state.thread !== undefined && spot !== state.channel && { thread: state.thread }),
  });
}

/** @param {string} text @param {{ say: boolean, thread?: string }} how */
export function sendText(text, { say, thread }) {
  state.sent = [...state.sent.filter((each) => each !== text), text].slice(-50);
  const frame = { type: /** @type {const} */ ("send"), id: crypto.randomUUID(), channel: state.channel, text, say };
  deliver(thread === undefined ? frame : { ...frame, thread });
  if (thread === undefined) goToEnd();
}

/** @param {MessageView} message @param {string} action */
export function press(message, action) {
  const key = pressKey(message.id, action);
  if ([...state.pressing.values()].includes(key)) return;
  const id = crypto.randomUUID();
  state.pressing.set(id, key);
  deliver({ type: "press", id, message: message.id, action });
}

/** @param {string} message @param {string} action */
export function pressKey(message, action) {
  return `${message} ${action}`;
}

/** @param {Readonly<Record<string, string | number | boolean>>} values */
export function submitForm(values) {
  const open = state.form;
  if (!open || open.pending !== undefined) return;
  const { form, channel, thread, answers } = open.view;
  const id = crypto.randomUUID();
  state.form = { ...open, view: { ...open.view, form: { ...form, values, errors: {} } }, pending: id };
  const { command, carried } = form;
  const frame = { type: /** @type {const} */ ("submit"), id, channel, thread, command, values, carried: [...carried] };
  deliver(answers === undefined ? frame : { ...frame, answers });
}

/** Closing a form runs nothing; it can be taken up again from the message it belongs under. */
export function setFormAside() {
  const open = state.form;
  state.form = undefined;
  if (open && open.pending === undefined) {
    state.setAside.set(open.view.answers ?? open.view.thread, { view: open.view, id: open.id });
  }
  changed();
}

/** @param {string} under */
export function takeUpForm(under) {
  const aside = state.setAside.get(under);
  if (!aside) return;
  state.setAside.delete(under);
  state.form = { ...aside, pending: undefined };
  changed();
}

/** @param {string} id */
export function tryAgain(id) {
  const outbound = state.outbox.get(id);
  if (!outbound) return;
  forget(id);
  deliver(outbound.frame);
}

/** @param {string} id */
export function discard(id) {
  forget(id);
  changed();
}

/** @param {string} account */
export function become(account) {
  state.menu = false;
  if (account !== state.account && canBecome()) post({ type: "become", account });
  changed();
}

/** While something is on its way it must not arrive in another name. */
export function canBecome() {
  return state.connection === "online" && [...state.outbox.values()].every((each) => each.why !== undefined);
}

/** @param {string | undefined} root */
export function openThread(root) {
  state.thread = root;
  changed();
}

/** @param {string} spot */
export function closeOffers(spot) {
  forgetCompletions();
  const draft = draftAt(spot);
  if (draft.offers.length === 0) return;
  draft.offers = [];
  draft.chosen = -1;
  changed();
}

export function closeHints() {
  state.hintsClosed = true;
  localStorage.setItem("wardroom.hints", "closed");
  changed();
}

export function closeProblem() {
  state.problem = undefined;
  changed();
}

/** @param {string} key */
export function expand(key) {
  state.expanded.add(key);
  changed();
}

/** @param {OutFrame} frame */
function deliver(frame) {
  keep({ frame, account: state.account, channel: state.channel, at: Date.now() });
  post(frame);
  changed();
}
