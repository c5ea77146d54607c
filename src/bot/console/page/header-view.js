import { become, canBecome } from "./actions.js";
import { reconnectNow } from "./connection.js";
import { chevronIcon, menuIcon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { avatar } from "./message-view.js";
import { changed, here, me, state } from "./state.js";
import { count } from "./words.js";

/** Where one is, whether the line holds, and who one is. */
export function headerView() {
  return html`<header class="head">
    <button type="button" class="icon-button drawer-button" aria-label="Channels" aria-expanded=${state.drawer ? "true" : "false"} @click=${toggleDrawer}>
      ${menuIcon}${elsewhere() > 0 ? html`<span class="dot" aria-hidden="true"></span>` : nothing}
    </button>
    <h1><span class="muted" aria-hidden="true"># </span>${here()?.title.replace(/^#/, "") ?? ""}</h1>
    ${personView()}
  </header>`;
}

/** Below the header while the connection is lost. */
export function lineView() {
  if (state.connection !== "offline") return nothing;
  const kept = [...state.outbox.values()].filter((each) => each.why === undefined).length;
  return html`<div class="strip offline" role="status">
    <span class="spinner" aria-hidden="true"></span>
    <span>Reconnecting…${kept > 0 ? ` ${count(kept, "message")} will be sent when the line is back.` : ""}</span>
    <button type="button" class="link" @click=${reconnectNow}>Try now</button>
  </div>`;
}

function elsewhere() {
  return state.channels.reduce((sum, each) => sum + (each.channel === state.channel ? 0 : each.unread), 0);
}

function toggleDrawer() {
  state.drawer = !state.drawer;
  changed();
}

function personView() {
  const person = me();
  if (!person) return nothing;
  return html`<div class="person-box" @keydown=${keyInMenu} @focusout=${leftMenu}>
    <button
      type="button"
      id="person"
      class="person"
      aria-haspopup="menu"
      aria-expanded=${state.menu ? "true" : "false"}
      title="Switch person"
      @click=${toggleMenu}
    >
      ${avatar(person.id, person.personName)}
      <span class="person-words"><span class="person-name">${person.personName}</span><span class="person-role">${person.roleWords}</span></span>
      <span class="unseen">, switch person</span>${chevronIcon}
    </button>
    ${state.menu ? menuView() : nothing}
  </div>`;
}

function menuView() {
  return html`<div class="menu" role="menu" aria-label="Be someone else">
    <p class="menu-head">${canBecome() ? "This is a demo: be anyone. What destroys something needs a second person." : "Something is still being sent."}</p>
    ${state.accounts.map(
      (each) => html`<button
        type="button"
        role="menuitemradio"
        class="menu-item"
        aria-checked=${each.id === state.account ? "true" : "false"}
        ?disabled=${!canBecome() && each.id !== state.account}
        @click=${() => choose(each.id)}
      >
        ${avatar(each.id, each.personName)}
        <span class="person-words"><span class="person-name">${each.personName}</span><span class="person-role">${each.roleWords}</span></span>
        <span class="menu-label">${each.label}</span>
      </button>`,
    )}
  </div>`;
}

/** @param {string} account */
function choose(account) {
  become(account);
  document.getElementById("person")?.focus();
}

function toggleMenu() {
  state.menu = !state.menu;
  changed();
  if (state.menu)
    queueMicrotask(() =>
      items()
        .find((each) => each.ariaChecked === "true")
        ?.focus(),
    );
}

function items() {
  return [...document.querySelectorAll(".menu-item")].filter((each) => each instanceof HTMLElement);
}

/** @param {KeyboardEvent} event */
function keyInMenu(event) {
  if (!state.menu) return;
  if (event.key === "Escape") {
    state.menu = false;
    event.stopPropagation();
    document.getElementById("person")?.focus();
    changed();
    return;
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const all = items();
  const at = all.findIndex((each) => each === document.activeElement);
  all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
}

/** @param {FocusEvent} event */
function leftMenu({ currentTarget, relatedTarget }) {
  if (!state.menu || !(currentTarget instanceof HTMLElement)) return;
  if (relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
  state.menu = false;
  changed();
}
