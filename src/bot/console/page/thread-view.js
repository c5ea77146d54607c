import { openThread } from "./actions.js";
import { composerView } from "./composer-view.js";
import { onTheirWay } from "./exchanges.js";
import { closeIcon } from "./icons.js";
import { html, nothing, repeat } from "./lit.js";
import { belowView, messageView, outboundView } from "./message-view.js";
import { here, messagesIn, state } from "./state.js";

/** A message and everything said under it, beside the channel. */
export function threadView() {
  const root = state.thread === undefined ? undefined : state.messages.get(state.thread);
  if (!root) return nothing;
  const replies = messagesIn(state.channel).filter((each) => each.thread === root.id);
  const all = [root, ...replies];
  return html`<aside class="thread" aria-label="Thread">
    <header class="thread-head">
      <h2>Thread <span class="muted">in ${here()?.title ?? ""}</span></h2>
      <button type="button" class="icon-button" aria-label="Close the thread" @click=${() => openThread(undefined)}>
        ${closeIcon}
      </button>
    </header>
    <div id="thread-flow" class="thread-flow" tabindex="0" role="log" aria-live="off" aria-label="Thread messages" data-count=${all.length}>
      ${repeat(
        all,
        (each) => each.id,
        (each) => html`<div class="thread-item">${messageView(each)}${belowView(each)}</div>`,
      )}
      ${onTheirWay(root.id).map(outboundView)}
    </div>
    ${composerView({ spot: `thread:${root.id}`, thread: root.id })}
  </aside>`;
}
