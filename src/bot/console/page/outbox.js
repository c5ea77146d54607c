import { state } from "./state.js";

/**
 * @import { Outbound } from "./state.js"
 */

const key = "wardroom.outbox";

/** Remembers a delivery until the server has it, over a lost connection and a reload. @param {Outbound} outbound */
export function keep(outbound) {
  state.outbox.set(outbound.frame.id, outbound);
  save();
}

/** @param {string} id */
export function forget(id) {
  if (state.outbox.delete(id)) save();
}

/** @param {string} id @param {string} why */
export function fail(id, why) {
  const outbound = state.outbox.get(id);
  if (!outbound) return;
  state.outbox.set(id, { ...outbound, why });
  save();
}

/** What a reload left behind. It was written by this page, and the server checks every frame again. */
export function restore() {
  try {
    /** @type {unknown} */
    const kept = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    if (!Array.isArray(kept)) return;
    for (const each of kept) if (isOutbound(each)) state.outbox.set(each.frame.id, each);
  } catch {
    sessionStorage.removeItem(key);
  }
}

function save() {
  sessionStorage.setItem(key, JSON.stringify([...state.outbox.values()]));
}

/** @param {unknown} value @returns {value is Outbound} */
function isOutbound(value) {
  if (typeof value !== "object" || value === null) return false;
  if (!("frame" in value && "account" in value && "channel" in value && "at" in value)) return false;
  const { frame } = value;
  return typeof frame === "object" && frame !== null && "id" in frame && typeof frame.id === "string";
}
