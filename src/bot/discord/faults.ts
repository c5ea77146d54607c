import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js";
import { BackendError } from "../../domain/failure.ts";
import type { Trouble } from "../../domain/messages/trouble.ts";
import { outageError, type PlatformFault } from "../chat/platform-fault.ts";

/** Discord said no, with a code of its own; 0 when it gave none. */
export interface DiscordRefusal {
  readonly code: number;
  readonly status: number;
}

export type DiscordFault = PlatformFault<DiscordRefusal>;

export const codes = {
  unknownChannel: 10_003,
  unknownMember: 10_007,
  unknownMessage: 10_008,
  unknownUser: 10_013,
  unknownWebhook: 10_015,
  unknownInteraction: 10_062,
  tooManyOldEdits: 30_046,
  alreadyAcknowledged: 40_060,
  missingAccess: 50_001,
  notOurs: 50_005,
  emptyMessage: 50_006,
  noDirectMessages: 50_007,
  missingPermissions: 50_013,
  invalidToken: 50_014,
  expiredWebhook: 50_027,
  invalidBody: 50_035,
  archived: 50_083,
  threadMade: 160_004,
  locked: 160_005,
} as const;

/** What Discord's client rejects with, as a fault. */
export function discordFaultOf(error: unknown): DiscordFault {
  if (error instanceof RateLimitError) return { kind: "too-fast", retryAfterMs: error.retryAfter };
  if (error instanceof DiscordAPIError) {
    const code = Number(error.code);
    if (error.status >= 500) return { kind: "unwell", status: error.status };
    return { kind: "said-no", code: Number.isFinite(code) ? code : 0, status: error.status };
  }
  if (error instanceof HTTPError) {
    if (error.status >= 500) return { kind: "unwell", status: error.status };
    return { kind: "said-no", code: 0, status: error.status };
  }
  return { kind: "cut-off", sent: true };
}

/** What a fault means to whoever wanted something sent; `channel` is where. */
export function discordError(fault: DiscordFault, channel?: string): BackendError {
  return fault.kind === "said-no" ? saidNo(fault, channel) : outageError("Discord", fault, "it");
}

function saidNo({ code, status }: { code: number; status: number }, channel: string | undefined): BackendError {
  const where = channel === undefined ? "there" : `in the channel ${channel}`;
  if (tokenRefused({ code, status }))
    return new BackendError("Discord", { fault: "unauthorised", detail: "it no longer takes the bot's token" });
  if (code === codes.missingAccess)
    return new BackendError("Discord", {
      fault: "refused",
      detail: `the bot may not see it; give it View Channel ${where}`,
    });
  if (code === codes.missingPermissions) {
    const rights = "Send Messages, Embed Links, Attach Files and Read Message History";
    return new BackendError("Discord", {
      fault: "refused",
      detail: `the bot may not write; give it ${rights} ${where}`,
    });
  }
  if ([codes.unknownChannel, codes.unknownMessage].some((each) => each === code))
    return new BackendError("Discord", { fault: "missing", detail: "there is no such channel or message" });
  return new BackendError("Discord", {
    fault: "refused",
    detail: `it was refused with ${code === 0 ? status : code}`,
    status,
  });
}

/** An interaction's own token runs out with the same status as the bot's is refused with. */
function tokenRefused({ code, status }: { readonly code: number; readonly status: number }): boolean {
  return code === codes.invalidToken || (status === 401 && code !== codes.expiredWebhook);
}

/** What the operator has to do about a refusal; undefined when it is nothing of theirs. */
export function discordTroubleOf(fault: DiscordFault, channel?: string): Trouble | undefined {
  if (fault.kind !== "said-no") return undefined;
  if (tokenRefused(fault)) return tokenTrouble;
  const lacks = fault.code === codes.missingAccess || fault.code === codes.missingPermissions;
  if (!lacks || channel === undefined) return undefined;
  return {
    id: `discord/channel/${channel}`,
    surface: "discord",
    what: `On Discord ${discordError(fault, channel).message.replace(/^Discord: /, "")}.`,
    remedy:
      "Edit the channel's permissions for the bot's role, or invite the bot again: npx --no wardroom discord register",
  };
}

export const tokenTrouble: Trouble = {
  id: "discord/token",
  surface: "discord",
  what: "Discord does not take the bot's token.",
  remedy: "Reset the token on the Bot page of the application, set DISCORD_TOKEN to the new one, and restart.",
  silences: true,
  deafens: true,
};
