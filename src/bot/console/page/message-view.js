import { discard, openThread, takeUpForm, tryAgain } from "./actions.js";
import { cardView } from "./card-view.js";
import { lockIcon, threadIcon, wheelIcon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { state } from "./state.js";
import { count, exactTime, initials, timeOfDay } from "./words.js";

/**
 * @import { MessageView } from "../wire.ts"
 * @import { Exchange } from "./exchanges.js"
 * @import { Outbound } from "./state.js"
 */

/** @param {Exchange} exchange */
export function exchangeView({ root, answers, followUps }) {
  return html`<article class="exchange" data-root=${root.id}>
    ${messageView(root, threadButton(root, followUps))}
    ${answers.map((answer) => html`<div class="answer">${messageView(answer)}</div>`)}
    ${belowView(root)}
    ${
      followUps.length > 0
        ? html`<button type="button" class="replies" @click=${() => openThread(root.id)}>
          ${threadIcon}<span>${count(followUps.length, "more message")} in the thread</span>
        </button>`
        : nothing
    }
  </article>`;
}

/** @param {MessageView} root @param {readonly MessageView[]} followUps */
function threadButton(root, followUps) {
  return html`<button
    type="button"
    class="icon-button reply"
    title="Reply in a thread"
    aria-label="Reply in a thread${followUps.length > 0 ? `, ${count(followUps.length, "more message")}` : ""}"
    @click=${() => openThread(root.id)}
  >
    ${threadIcon}
  </button>`;
}

/** @param {MessageView} message @param {unknown} [tools] */
export function messageView(message, tools = nothing) {
  const { author, body } = message;
  const name = author.kind === "bot" ? "Wardroom" : author.name;
  return html`<div class="message ${body.kind} ${message.private ? "private" : ""}" data-message=${message.id}>
    ${author.kind === "bot" ? botAvatar() : avatar(author.account, author.name)}
    <div class="message-main">
      <div class="message-head">
        <span class="author">${name}</span>
        ${author.kind === "bot" ? html`<span class="tag">bot</span>` : nothing}
        <time datetime=${new Date(message.at).toISOString()} title=${exactTime(message.at)}>${timeOfDay(message.at)}</time>
        ${message.edited ? html`<span class="edited">updated</span>` : nothing}
        ${message.private ? html`<span class="tag only-you">${lockIcon}Only you see this</span>` : nothing} ${tools}
      </div>
      ${body.kind === "card" ? cardView(message) : html`<p class="said">${body.text}</p>`}
    </div>
  </div>`;
}

/** What stands below an asking while it has no answer: that it is worked on, or that its form was closed. @param {MessageView} ask */
export function belowView(ask) {
  if (state.working.has(ask.id) && ask.body.kind === "ask") {
    return html`<div class="answer working" role="status">
      ${botAvatar()}
      <p><span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>Working…</p>
    </div>`;
  }
  if (!state.setAside.has(ask.id)) return nothing;
  return html`<div class="answer aside">
    ${botAvatar()}
    <p>
      Nothing was run: the form was closed.
      <button type="button" class="link" @click=${() => takeUpForm(ask.id)}>Open it again</button>
    </p>
  </div>`;
}

/** @param {Outbound} outbound */
export function outboundView({ frame, at, why }) {
  if (frame.type !== "send") return nothing;
  const me = state.accounts.find((each) => each.id === state.account);
  const waiting = state.connection === "online" ? "Sending…" : "Waiting for the connection";
  return html`<article class="exchange">
    <div class="message ${frame.say ? "say" : "ask"} outbound ${why === undefined ? "" : "failed"}">
      ${avatar(state.account, me?.personName ?? "")}
      <div class="message-main">
        <div class="message-head">
          <span class="author">${me?.personName ?? ""}</span>
          <time datetime=${new Date(at).toISOString()}>${timeOfDay(at)}</time>
          <span class="edited">${why === undefined ? waiting : "Not sent"}</span>
        </div>
        <p class="said">${frame.text}</p>
        ${
          why === undefined
            ? nothing
            : html`<p class="why" role="alert">
              ${why}
              <button type="button" class="link" @click=${() => tryAgain(frame.id)}>Try again</button>
              <button type="button" class="link" @click=${() => discard(frame.id)}>Discard</button>
            </p>`
        }
      </div>
    </div>
  </article>`;
}

/** @param {string} account @param {string} name */
export function avatar(account, name) {
  const hue = account.split("").reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 997, 7) % 6;
  return html`<span class="avatar hue-${hue}" aria-hidden="true">${initials(name)}</span>`;
}

function botAvatar() {
  return html`<span class="avatar bot" aria-hidden="true">${wheelIcon}</span>`;
}
