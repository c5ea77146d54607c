import { closeOffers, sendDraft } from "./actions.js";
import { sendIcon } from "./icons.js";
import { html, live, nothing } from "./lit.js";
import { askCompletions } from "./receive.js";
import { changed, draftAt, here, me, state } from "./state.js";

/**
 * @import { Completion } from "../../language/suggest.ts"
 * @import { Draft } from "./state.js"
 */

const longest = 4_000;
const completeAfterMs = 60;
let pause = 0;

/** Where a line is written. @param {{ spot: string, thread?: string }} where */
export function composerView({ spot, thread }) {
  const draft = draftAt(spot);
  const open = draft.offers.length > 0;
  const box = `composer-${thread ?? "channel"}`;
  return html`<form
    class="composer"
    @submit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      sendDraft(spot);
    }}
  >
    ${open ? offersView(spot, draft, box) : nothing}
    <div class="composer-box ${isTalk(draft) ? "talk" : ""}">
      ${modeView(spot, draft, box)}
      <textarea
        id=${box}
        class="composer-text"
        rows="1"
        maxlength=${longest}
        placeholder=${placeholder(draft, thread)}
        aria-label=${placeholder(draft, thread)}
        role="combobox"
        aria-expanded=${open ? "true" : "false"}
        aria-controls=${`${box}-offers`}
        aria-autocomplete="list"
        aria-activedescendant=${draft.chosen >= 0 ? `${box}-offer-${draft.chosen}` : nothing}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        .value=${live(draft.text)}
        @input=${(/** @type {InputEvent} */ event) => typed(spot, thread, event)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(spot, event)}
        @blur=${() => closeOffers(spot)}
      ></textarea>
      <button type="submit" class="send" aria-label="Send" ?disabled=${draft.text.trim() === ""}>${sendIcon}</button>
    </div>
    <p class="composer-hint">
      <span>As <b>${me()?.personName ?? "…"}</b> to ${isTalk(draft) ? "the people here" : "the bot"}</span>
      <span class="keys"><kbd>Tab</kbd> completes · <kbd>↑</kbd> recalls · <kbd>&gt;</kbd> talks to people · <kbd>Shift</kbd>+<kbd>Enter</kbd> new line</span>
    </p>
  </form>`;
}

/** @param {Draft} draft */
function isTalk(draft) {
  if (/^(?:\/(?:ops|wardroom)|@wardroom)(?:\s|$)/i.test(draft.text)) return false;
  return draft.say || draft.text.startsWith(">");
}

/** @param {Draft} draft @param {string | undefined} thread */
function placeholder(draft, thread) {
  if (draft.say)
    return thread === undefined ? `Say something in ${here()?.title ?? ""}` : "Say something in the thread";
  return thread === undefined ? "Ask the bot, try help" : "Ask the bot in the thread";
}

/** Whom the line is for. @param {string} spot @param {Draft} draft @param {string} box */
function modeView(spot, draft, box) {
  const talk = isTalk(draft);
  return html`<button
    type="button"
    class="mode"
    aria-pressed=${draft.say ? "true" : "false"}
    aria-label=${talk ? "To people. Press to speak to the bot" : "To the bot. Press to talk to people"}
    title=${talk ? "Only people read this. Click to speak to the bot" : "The bot reads this. Click, or start with >, to talk to people"}
    @click=${() => {
      draft.say = !draft.say;
      closeOffers(spot);
      changed();
      document.getElementById(box)?.focus();
    }}
  >
    ${talk ? "Say" : "Ask"}
  </button>`;
}

/** @param {string} spot @param {Draft} draft @param {string} box */
function offersView(spot, draft, box) {
  return html`<ul class="offers" id=${`${box}-offers`} role="listbox" aria-label="Completions">
    ${draft.offers.map(
      (offer, index) => html`<li
        id=${`${box}-offer-${index}`}
        role="option"
        aria-selected=${index === draft.chosen ? "true" : "false"}
        @pointerdown=${(/** @type {Event} */ event) => {
          event.preventDefault();
          take(spot, offer, textareaOf(box));
        }}
      >
        <span class="offer-label">${offer.label}</span><span class="offer-detail">${offer.detail}</span>
      </li>`,
    )}
  </ul>`;
}

/** @param {string} box */
function textareaOf(box) {
  const element = document.getElementById(box);
  return element instanceof HTMLTextAreaElement ? element : undefined;
}

/** @param {string} spot @param {string | undefined} thread @param {InputEvent} event */
function typed(spot, thread, { currentTarget }) {
  if (!(currentTarget instanceof HTMLTextAreaElement)) return;
  const draft = draftAt(spot);
  draft.text = currentTarget.value;
  draft.recall = 0;
  const text = draft.text.slice(0, currentTarget.selectionStart);
  closeOffers(spot);
  changed();
  window.clearTimeout(pause);
  if (isTalk(draft) || text.trim() === "" || text.includes("\n")) return;
  const question = { channel: state.channel, text, ...(thread !== undefined && { thread }) };
  const asked = draft.text;
  pause = window.setTimeout(() => {
    if (draftAt(spot).text === asked) askCompletions(spot, question);
  }, completeAfterMs);
}

/** @param {string} spot @param {KeyboardEvent} event */
function pressed(spot, event) {
  const area = event.currentTarget;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (!(area instanceof HTMLTextAreaElement) || event.isComposing) return;
  if (draftAt(spot).offers.length > 0 ? keyInOffers(spot, event, area) : keyInText(spot, event, area)) {
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {string} spot @param {KeyboardEvent} event @param {HTMLTextAreaElement} area @returns {boolean} Whether the key was used. */
function keyInOffers(spot, event, area) {
  const draft = draftAt(spot);
  const { key } = event;
  if (key === "ArrowDown" || key === "ArrowUp") {
    const step = key === "ArrowDown" ? 1 : -1;
    const { length } = draft.offers;
    draft.chosen = draft.chosen < 0 && step < 0 ? length - 1 : (draft.chosen + step + length) % length;
    changed();
    return true;
  }
  if (key === "Escape") {
    closeOffers(spot);
    return true;
  }
  const offer = draft.offers[key === "Tab" && !event.shiftKey ? Math.max(0, draft.chosen) : draft.chosen];
  if ((key === "Tab" || key === "Enter") && !event.shiftKey && offer) {
    take(spot, offer, area);
    return true;
  }
  return keyInText(spot, event, area);
}

/** @param {string} spot @param {KeyboardEvent} event @param {HTMLTextAreaElement} area @returns {boolean} */
function keyInText(spot, { key, shiftKey }, area) {
  const draft = draftAt(spot);
  if (key === "Enter" && !shiftKey) {
    sendDraft(spot);
    return true;
  }
  const recalling = draft.text === "" || draft.recall > 0;
  if (!recalling || (key !== "ArrowUp" && key !== "ArrowDown")) return false;
  draft.recall = Math.min(state.sent.length, Math.max(0, draft.recall + (key === "ArrowUp" ? 1 : -1)));
  draft.text = draft.recall === 0 ? "" : (state.sent.at(-draft.recall) ?? "");
  area.value = draft.text;
  area.setSelectionRange(draft.text.length, draft.text.length);
  changed();
  return true;
}

/** @param {string} spot @param {Completion} offer @param {HTMLTextAreaElement | undefined} area */
function take(spot, offer, area) {
  if (!area) return;
  const draft = draftAt(spot);
  const before = draft.text.slice(0, offer.from) + offer.insert;
  draft.text = before + draft.text.slice(area.selectionStart);
  area.value = draft.text;
  area.setSelectionRange(before.length, before.length);
  area.focus();
  area.dispatchEvent(new InputEvent("input", { bubbles: true }));
}
