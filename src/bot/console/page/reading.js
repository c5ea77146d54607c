import { post } from "./connection.js";
import { exchangesIn, newestTouch } from "./exchanges.js";
import { changed, here, messagesIn, state } from "./state.js";

/**
 * @import { MessageView } from "../wire.ts"
 */

/** Where the reader is in the channel; new messages keep the end in view only when it was in view. */
const place = { atEnd: true, told: 0 };
const nearEndPx = 60;

function scroller() {
  return document.getElementById("flow");
}

/** Follows the reader's own scrolling. */
export function onScroll() {
  const flow = scroller();
  if (!flow) return;
  const atEnd = flow.scrollHeight - flow.scrollTop - flow.clientHeight < nearEndPx;
  if (atEnd === place.atEnd) return;
  place.atEnd = atEnd;
  if (!atEnd) return;
  state.below = 0;
  markRead();
  changed();
}

/** After every rendering. */
export function keepEnd() {
  const flow = scroller();
  if (flow && place.atEnd) flow.scrollTop = flow.scrollHeight;
  const thread = document.getElementById("thread-flow");
  if (thread && thread.dataset["count"] !== thread.dataset["shown"]) {
    thread.dataset["shown"] = thread.dataset["count"] ?? "";
    thread.scrollTop = thread.scrollHeight;
  }
}

export function goToEnd() {
  place.atEnd = true;
  state.below = 0;
  markRead();
  changed();
}

/** Tells the server what was seen: the channel that is open, in a page that is looked at, at its end. */
export function markRead() {
  if (document.hidden || !place.atEnd || !state.loaded.has(state.channel)) return;
  if ((here()?.unread ?? 0) === 0) return;
  const touched = messagesIn(state.channel).reduce((most, each) => Math.max(most, each.touched), 0);
  if (touched === place.told) return;
  if (post({ type: "read", channel: state.channel, touched })) place.told = touched;
}

/**
 * Draws the line above the first exchange with something new in it, once per visit to the channel.
 * @param {string} channel @param {number} seenTo
 */
export function markNew(channel, seenTo) {
  const first = exchangesIn(channel).find(({ root, ...rest }) => {
    const mine = root.author.kind === "person" && root.author.account === state.account;
    return seenTo > 0 && !mine && newestTouch({ root, ...rest }) > seenTo;
  });
  state.newFrom.set(channel, first?.root.id);
}

/** @param {MessageView} message */
export function noteArrival(message) {
  const inOpenThread = state.thread !== undefined && message.thread === state.thread;
  if (message.channel !== state.channel || inOpenThread) return;
  if (!place.atEnd) state.below += 1;
}
