import { changed, state } from "./state.js";

/**
 * @import { ClientFrame, ServerFrame } from "../wire.ts"
 */

/** The server beats every 15 s; two missed beats are a dead line. */
const silenceMs = 35_000;
const longestPauseMs = 8_000;
const refusedToken = 4401;

/** @type {WebSocket | undefined} */
let socket;
/** @type {(frame: ServerFrame) => void} */
let receive = () => {};
let attempts = 0;
let lastHeard = 0;
let retry = 0;

/** Connects and stays connected. @param {(frame: ServerFrame) => void} onFrame */
export function connect(onFrame) {
  receive = onFrame;
  window.addEventListener("online", reconnectNow);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && state.connection === "offline") reconnectNow();
  });
  window.setInterval(checkSilence, 5_000);
  void dial();
}

/** Says it now or not at all: what must not be lost goes through the outbox. @param {ClientFrame} frame */
export function post(frame) {
  if (socket?.readyState !== WebSocket.OPEN || (state.connection !== "online" && frame.type !== "hello")) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

export function reconnectNow() {
  if (state.connection !== "offline") return;
  window.clearTimeout(retry);
  attempts = 0;
  void dial();
}

async function dial() {
  try {
    // The token changes with every start of the server, and only our own page can read this answer.
    const answer = await fetch("/session", { cache: "no-store" });
    if (!answer.ok) throw new Error(`The console answered ${answer.status}`);
    const { token } = await answer.json();
    open(String(token));
  } catch {
    lost();
  }
}

/** @param {string} token */
function open(token) {
  const line = new WebSocket(`ws://${location.host}/socket`);
  socket = line;
  lastHeard = Date.now();
  line.addEventListener("open", () => {
    const account = sessionStorage.getItem("wardroom.account");
    line.send(JSON.stringify({ type: "hello", token, tab: tabId(), ...(account ? { account } : {}) }));
  });
  line.addEventListener("message", (event) => {
    if (socket !== line) return;
    lastHeard = Date.now();
    attempts = 0;
    receive(JSON.parse(String(event.data)));
  });
  line.addEventListener("close", (event) => {
    if (socket === line) lost(event.code === refusedToken ? 0 : undefined);
  });
}

/** @param {number} [pauseMs] */
function lost(pauseMs = Math.min(longestPauseMs, 300 * 2 ** attempts) * (0.75 + Math.random() / 2)) {
  socket = undefined;
  attempts += 1;
  state.connection = "offline";
  window.clearTimeout(retry);
  retry = window.setTimeout(() => void dial(), attempts > 3 ? Math.max(pauseMs, 500) : pauseMs);
  changed();
}

function checkSilence() {
  if (socket && Date.now() - lastHeard > silenceMs) {
    const dead = socket;
    lost(0);
    dead.close();
  }
}

/** Tells this tab from others; it lives as long as the tab. */
function tabId() {
  const known = sessionStorage.getItem("wardroom.tab");
  if (known) return known;
  const fresh = crypto.randomUUID();
  sessionStorage.setItem("wardroom.tab", fresh);
  return fresh;
}
