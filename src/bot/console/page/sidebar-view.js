import { openChannel } from "./actions.js";
import { closeIcon, moonIcon, sunIcon, wheelIcon } from "./icons.js";
import { html, nothing } from "./lit.js";
import { changed, state } from "./state.js";

/**
 * @import { ChannelView } from "../wire.ts"
 */

/** The channels, and what is unread in each. */
export function sidebarView() {
  return html`<nav class="side ${state.drawer ? "open" : ""}" aria-label="Channels">
    <div class="brand">
      <span class="brand-mark" aria-hidden="true">${wheelIcon}</span><span>Wardroom</span>
      <button type="button" class="icon-button side-close" aria-label="Close the channels" @click=${closeDrawer}>${closeIcon}</button>
    </div>
    <ul class="channels" @keydown=${arrows}>
      ${state.channels.map(channelView)}
    </ul>
    <div class="side-foot">
      <button type="button" class="theme" @click=${toggleTheme}>
        <span class="in-light">${moonIcon}Dark</span><span class="in-dark">${sunIcon}Light</span>
      </button>
    </div>
  </nav>`;
}

/** @param {ChannelView} channel */
function channelView(channel) {
  const current = channel.channel === state.channel;
  const unread = current && !document.hidden && state.below === 0 ? 0 : channel.unread;
  return html`<li>
    <button
      type="button"
      class="channel ${unread > 0 ? "unread" : ""}"
      aria-current=${current ? "page" : nothing}
      @click=${() => openChannel(channel.channel)}
    >
      <span class="hash" aria-hidden="true">#</span><span class="channel-title">${channel.title.replace(/^#/, "")}</span>
      ${unread > 0 ? html`<span class="badge"><span>${unread > 99 ? "99+" : unread}</span><span class="unseen"> unread</span></span>` : nothing}
    </button>
  </li>`;
}

function closeDrawer() {
  state.drawer = false;
  changed();
}

/** @param {KeyboardEvent} event */
function arrows(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  const all = [...document.querySelectorAll(".channel")].filter((each) => each instanceof HTMLElement);
  const at = all.findIndex((each) => each === document.activeElement);
  all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
}

function toggleTheme() {
  const root = document.documentElement;
  const dark = root.dataset["theme"] ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  root.dataset["theme"] = dark === "dark" ? "light" : "dark";
  localStorage.setItem("wardroom.theme", root.dataset["theme"]);
}
