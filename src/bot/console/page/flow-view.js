import { loadOlder } from "./actions.js";
import { exchangesIn, onTheirWay } from "./exchanges.js";
import { downIcon } from "./icons.js";
import { html, nothing, repeat } from "./lit.js";
import { exchangeView, outboundView } from "./message-view.js";
import { goToEnd, onScroll } from "./reading.js";
import { here, state } from "./state.js";
import { count, dayOf, startOfDay } from "./words.js";

/**
 * @import { Exchange } from "./exchanges.js"
 */

/** The channel: what was asked, with the answer right under it. */
export function flowView() {
  const exchanges = exchangesIn(state.channel);
  const waiting = onTheirWay(undefined);
  return html`<div class="flow-box">
    <div id="flow" class="flow" tabindex="0" role="log" aria-live="off" aria-label="Messages" @scroll=${onScroll}>
      <div class="flow-content">
        ${state.loaded.has(state.channel) ? flowContent(exchanges, waiting.length) : loadingView(exchanges.length)}
        ${waiting.map(outboundView)}
      </div>
    </div>
    ${
      state.below > 0
        ? html`<button type="button" class="jump" @click=${goToEnd}>${downIcon}${count(state.below, "new message")}</button>`
        : nothing
    }
  </div>`;
}

/** @param {readonly Exchange[]} exchanges @param {number} waiting */
function flowContent(exchanges, waiting) {
  if (exchanges.length === 0) return waiting > 0 ? nothing : emptyView();
  const older = state.more.has(state.channel)
    ? html`<button type="button" class="older" @click=${loadOlder}>Show older messages</button>`
    : nothing;
  const firstNew = state.newFrom.get(state.channel);
  return html`${older}${repeat(
    exchanges,
    (each) => each.root.id,
    (each, index) =>
      html`${dayLine(each, exchanges[index - 1])}${each.root.id === firstNew ? newLine() : nothing}${exchangeView(each)}`,
  )}`;
}

/** @param {Exchange} exchange @param {Exchange | undefined} before */
function dayLine({ root }, before) {
  if (before && startOfDay(before.root.at) === startOfDay(root.at)) return nothing;
  return html`<p class="line"><span>${dayOf(root.at, Date.now())}</span></p>`;
}

function newLine() {
  return html`<p class="line new"><span>New</span></p>`;
}

/** @param {number} kept Messages already here, from before the connection broke. */
function loadingView(kept) {
  if (kept > 0) {
    return repeat(exchangesIn(state.channel), (each) => each.root.id, exchangeView);
  }
  return html`<div class="loading" aria-label="Loading messages">
    ${[1, 2, 3].map(() => html`<div class="ghost"><span></span><div><i></i><i></i></div></div>`)}
  </div>`;
}

function emptyView() {
  return html`<div class="empty">
    <p class="empty-title">Nothing was said in ${here()?.title ?? "this channel"} yet</p>
    <p>Ask the bot below, for example <kbd>help</kbd>. Requests for approval turn up here too.</p>
  </div>`;
}
