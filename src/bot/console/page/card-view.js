import { press, pressKey } from "./actions.js";
import { blockView } from "./block-view.js";
import { tones } from "./icons.js";
import { html, nothing } from "./lit.js";
import { state } from "./state.js";

/**
 * @import { CardAction } from "../../../domain/messages/card.ts"
 * @import { MessageView } from "../wire.ts"
 */

/** A card as the bot meant it. @param {MessageView} message */
export function cardView(message) {
  if (message.body.kind !== "card") return nothing;
  const { card, files } = message.body;
  const { word, icon } = tones[card.tone];
  const labels = (card.actions ?? []).filter((action) => action.id !== undefined);
  return html`<div class="card tone-${card.tone}">
    <h3 class="card-title">
      <span class="tone-mark">${icon}</span><span class="unseen">${word}</span><span>${card.title}</span>
    </h3>
    ${card.summary ? html`<p class="card-summary">${card.summary}</p>` : nothing}
    ${card.blocks.map((block, index) => blockView(block, { files, key: `${message.id} ${index}` }))}
    ${
      labels.length > 0
        ? html`<div class="actions" role="group" aria-label="What can be done">
          ${labels.map((action) => actionView(message, action))}
        </div>`
        : nothing
    }
    ${card.footer ? html`<p class="card-footer">${card.footer}</p>` : nothing}
  </div>`;
}

/** @param {MessageView} message @param {CardAction} action */
function actionView(message, action) {
  const id = action.id ?? "";
  const busy = [...state.pressing.values()].includes(pressKey(message.id, id));
  return html`<button
    type="button"
    class="button ${action.style ?? "default"}"
    ?disabled=${busy}
    aria-busy=${busy ? "true" : "false"}
    @click=${() => press(message, id)}
  >
    ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${action.label}
  </button>`;
}
