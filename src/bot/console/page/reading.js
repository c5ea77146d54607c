import { post } from "./connection.js";
import { exchangesIn, newestTouch } from "./exchanges.js";
import { changed, here, messagesIn, state } from "./state.js";

/**
 * @import { MessageView } from "../wire.ts"
 */

/**
 * Where the reader is in the channel. New messages are followed only while the end was in view, and a message higher
 * than the page is shown from its beginning: `pinned` is that message, `target` where its beginning stands. `seen` is
 * the position last known, by which a scroll shows before its event has come.
 */
const place = { atEnd: true, told: 0, pinned: "", target: 0, seen: 0 };
const nearEndPx = 60;

function scroller() {
  return document.getElementById("flow");
}

/** Follows the reader's own scrolling. */
export function onScroll() {
  const flow = scroller();
  if (!flow) return;
  place.seen = flow.scrollTop;
  const nearEnd = flow.scrollHeight - flow.scrollTop - flow.clientHeight < nearEndPx;
  const atStart = Math.abs(flow.scrollTop - place.target) < 2;
  if (nearEnd && !atStart) place.target = Number.MAX_SAFE_INTEGER;
  const atEnd = nearEnd || atStart;
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
  if (flow && Math.abs(flow.scrollTop - place.seen) > 2) onScroll();
  if (flow && place.atEnd) follow(flow);
  const thread = document.getElementById("thread-flow");
  if (thread && thread.dataset["count"] !== thread.dataset["shown"]) {
    thread.dataset["shown"] = thread.dataset["count"] ?? "";
    thread.scrollTop = thread.scrollHeight;
  }
}

/** @param {HTMLElement} flow */
function follow(flow) {
  const message = [...flow.querySelectorAll("[data-message]")].at(-1);
  const id = message?.getAttribute("data-message") ?? "";
  const end = flow.scrollHeight - flow.clientHeight;
  const reading = id === place.pinned && place.target > end;
  place.pinned = id;
  place.target = reading || !message ? Number.MAX_SAFE_INTEGER : beginningOf(message, flow);
  flow.scrollTop = Math.min(end, place.target);
  place.seen = flow.scrollTop;
  if (place.target > end && !reading) place.target = end;
}

/** The first answer begins with what was asked. @param {Element} message @param {HTMLElement} flow */
function beginningOf(message, flow) {
  const exchange = message.closest(".exchange");
  const first = exchange?.querySelectorAll(".answer").length === 1 ? exchange : message;
  return Math.floor(first.getBoundingClientRect().top - flow.getBoundingClientRect().top + flow.scrollTop) - 8;
}

export function goToEnd() {
  place.atEnd = true;
  place.pinned = "";
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
  // What only this person is told answers what they did a moment ago: it must not wait below the page.
  if (message.private) return goToEnd();
  if (!place.atEnd) state.below += 1;
}
