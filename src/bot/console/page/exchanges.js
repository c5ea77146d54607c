import { messagesIn, state } from "./state.js";

/**
 * @import { MessageView } from "../wire.ts"
 * @import { Outbound } from "./state.js"
 */

/**
 * A message of the channel with what is shown right under it: the bot's answers to it and what became of them. What
 * people said below it, and the answers to that, wait in the thread.
 * @typedef {{ root: MessageView, answers: MessageView[], followUps: MessageView[] }} Exchange
 */

/** The channel as exchanges, oldest first. @param {string} channel @returns {Exchange[]} */
export function exchangesIn(channel) {
  /** @type {Map<string, Exchange>} */
  const exchanges = new Map();
  const messages = messagesIn(channel);
  for (const root of messages) {
    if (root.thread === undefined) exchanges.set(root.id, { root, answers: [], followUps: [] });
  }
  for (const message of messages) {
    const exchange = message.thread === undefined ? undefined : exchanges.get(message.thread);
    const direct = message.author.kind === "bot" && message.answers === undefined;
    if (exchange) (direct ? exchange.answers : exchange.followUps).push(message);
  }
  return [...exchanges.values()];
}

/** @param {Exchange} exchange */
export function newestTouch({ root, answers, followUps }) {
  return [root, ...answers, ...followUps].reduce((most, each) => Math.max(most, each.touched), 0);
}

/** What was sent from here and has not shown up yet. @param {string | undefined} thread @returns {Outbound[]} */
export function onTheirWay(thread) {
  const arrived = new Set([...state.messages.values()].flatMap((each) => each.client ?? []));
  return [...state.outbox.values()].filter(({ frame, account, channel }) => {
    if (frame.type !== "send" || arrived.has(frame.id)) return false;
    return account === state.account && channel === state.channel && frame.thread === thread;
  });
}
