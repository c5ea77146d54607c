import { closeHints, closeProblem, sendText } from "./actions.js";
import { composerView } from "./composer-view.js";
import { flowView } from "./flow-view.js";
import { formView } from "./form-view.js";
import { headerView, lineView } from "./header-view.js";
import { closeIcon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { sidebarView } from "./sidebar-view.js";
import { changed, state } from "./state.js";
import { threadView } from "./thread-view.js";

/** The whole page. */
export function appView() {
  return html`<a class="skip" href="#composer-channel" @click=${skip}>To the message box</a>
    <div class="app ${state.thread === undefined ? "" : "with-thread"}">
      ${sidebarView()}
      ${state.drawer ? html`<div class="veil" @click=${closeDrawer}></div>` : nothing}
      <main class="main">
        ${headerView()} ${lineView()} ${problemView()} ${flowView()} ${hintsView()}
        ${composerView({ spot: state.channel })}
      </main>
      ${threadView()}
    </div>
    ${formView()}`;
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("composer-channel")?.focus();
}

function closeDrawer() {
  state.drawer = false;
  changed();
}

function problemView() {
  if (state.problem === undefined) return nothing;
  return html`<div class="strip problem" role="alert">
    <span>${state.problem}</span>
    <button type="button" class="icon-button" aria-label="Close" @click=${closeProblem}>${closeIcon}</button>
  </div>`;
}

/** For the first visit: a few commands to click, and how to be two people. */
function hintsView() {
  if (state.hintsClosed || state.examples.length === 0) return nothing;
  return html`<section class="hints" aria-label="Try this">
    <div class="hints-head">
      <p><b>Try this.</b> To approve it, switch person at the top right.</p>
      <button type="button" class="icon-button" aria-label="Close the suggestions" @click=${closeHints}>${closeIcon}</button>
    </div>
    <div class="chips">
      ${state.examples.map(
        (each) =>
          html`<button type="button" class="chip" @click=${() => sendText(each, { say: false })}>${each}</button>`,
      )}
    </div>
  </section>`;
}
