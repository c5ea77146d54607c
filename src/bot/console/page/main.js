import { openChannel, openThread } from "./actions.js";
import { appView } from "./app-view.js";
import { connect } from "./connection.js";
import { showForm } from "./form-view.js";
import { render } from "./lit.js";
import { refreshMoments } from "./moments.js";
import { restore } from "./outbox.js";
import { keepEnd, markRead } from "./reading.js";
import { receive } from "./receive.js";
import { changed, here, onChange, state } from "./state.js";

const root = document.getElementById("app");
if (!root) throw new Error("The page has no place for the console");
root.replaceChildren();

onChange(() => {
  render(appView(), root);
  growComposers();
  showForm();
  refreshMoments();
  keepEnd();
  markRead();
  titlePage();
});

/** The box is as high as its text, up to a third of the page. */
function growComposers() {
  for (const area of document.querySelectorAll("textarea.composer-text")) {
    if (!(area instanceof HTMLTextAreaElement)) continue;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, Math.round(window.innerHeight / 3))}px`;
  }
}

function titlePage() {
  const unread = state.channels.reduce((sum, each) => sum + each.unread, 0);
  document.title = `${unread > 0 ? `(${unread}) ` : ""}${here()?.title ?? "Console"} · Wardroom`;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key === "Escape" && !state.form) {
    if (state.drawer) state.drawer = false;
    else if (state.thread !== undefined) openThread(undefined);
    changed();
    document.getElementById("composer-channel")?.focus();
  }
  if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const at = state.channels.findIndex((each) => each.channel === state.channel);
    const { length } = state.channels;
    const next = state.channels[(at + (event.key === "ArrowDown" ? 1 : -1) + length) % length];
    if (next) openChannel(next.channel);
    event.preventDefault();
  }
}

document.addEventListener("keydown", onKey);
document.addEventListener("visibilitychange", () => {
  markRead();
  changed();
});
window.addEventListener("resize", changed);
// Pictures arrive after their message; the end stays in view when they do.
root.addEventListener("load", keepEnd, { capture: true });
window.setInterval(refreshMoments, 1_000);

restore();
connect(receive);
changed();
// After the first rendering; on a phone it would only bring the keyboard up.
queueMicrotask(() => {
  if (matchMedia("(hover: hover)").matches) document.getElementById("composer-channel")?.focus();
});
