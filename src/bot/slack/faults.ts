import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from "@slack/web-api";
import { BackendError, type BackendFault } from "../../domain/failure.ts";
import type { Trouble } from "../../domain/messages/trouble.ts";
import { outageError, type PlatformFault } from "../chat/platform-fault.ts";

/** Slack said no, with a code of its own. */
export interface SlackRefusal {
  readonly code: string;
  readonly needed?: string;
}

export type SlackFault = PlatformFault<SlackRefusal>;

/** What Slack's client rejects with, as a fault. */
export function slackFaultOf(error: unknown): SlackFault {
  if (error instanceof WebAPIRateLimitedError) return { kind: "too-fast", retryAfterMs: error.retryAfter * 1_000 };
  if (error instanceof WebAPIPlatformError) return saidNo(error.data);
  if (error instanceof WebAPIHTTPError) return { kind: "unwell", status: error.statusCode };
  if (error instanceof WebAPIRequestError) return { kind: "cut-off", sent: !neverConnected(error.original) };
  return { kind: "cut-off", sent: true };
}

function saidNo(data: { readonly error?: string; readonly needed?: unknown }): SlackFault {
  const code = data.error ?? "unknown_error";
  // Slack also says so with a 200, and then does not say how long.
  if (code === "ratelimited") return { kind: "too-fast", retryAfterMs: 1_000 };
  if (["internal_error", "fatal_error", "service_unavailable", "request_timeout"].includes(code))
    return { kind: "unwell", status: 200 };
  return { kind: "said-no", code, ...(typeof data.needed === "string" && { needed: data.needed }) };
}

/** Nothing can have arrived where there was no connection. */
function neverConnected(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let each = error; each instanceof Error && !seen.has(each); each = each.cause) {
    seen.add(each);
    const code = "code" in each ? each.code : undefined;
    if (code === "ECONNREFUSED" || code === "ENOTFOUND" || code === "EAI_AGAIN" || code === "UND_ERR_CONNECT_TIMEOUT")
      return true;
  }
  return false;
}

const lostToken = [
  "invalid_auth",
  "token_revoked",
  "token_expired",
  "account_inactive",
  "not_authed",
  "org_login_required",
];
const lostPlace = ["channel_not_found", "is_archived", "user_not_found", "message_not_found", "thread_not_found"];

/** What a fault means to whoever wanted something sent. */
export function slackError(fault: SlackFault, method: string): BackendError {
  if (fault.kind !== "said-no") return outageError("Slack", fault, method);
  return new BackendError("Slack", { fault: faultOfCode(fault.code), detail: refusalWords(fault, method) });
}

function faultOfCode(code: string): BackendFault {
  if (lostToken.includes(code)) return "unauthorised";
  return lostPlace.includes(code) ? "missing" : "refused";
}

function refusalWords({ code, needed }: { code: string; needed?: string }, method: string): string {
  switch (code) {
    case "not_in_channel":
      return "the bot is not in the channel; invite it there with /invite and its name";
    case "channel_not_found":
      return "there is no such channel, or it is private and the bot is not in it";
    case "is_archived":
      return "the channel is archived; unarchive it, or take it out of wardroom.yaml";
    case "restricted_action":
      if (method === "conversations.create")
        return "the workspace keeps apps from making channels; allow it in its settings under Permissions, Channel Management";
      return postingWords;
    case "invalid_name":
    case "invalid_name_specials":
    case "invalid_name_maxlength":
      return "it takes no channel of that name";
    case "missing_scope":
      return `${method} needs the scope ${needed ?? "that the manifest lists"}`;
    default:
      return isPostingRestricted(code) ? postingWords : `${method} was refused: ${code}`;
  }
}

const postingWords = "only some may post in the channel; let the app, in the channel's posting permissions";

/** Slack has a word for each way: a read-only channel, threads only, a workspace's preference. */
function isPostingRestricted(code: string): boolean {
  return code.startsWith("restricted_action");
}

export const tokenTroubleId = "slack/token";

export function channelTroubleId(channel: string): string {
  return `slack/channel/${channel}`;
}

/** A channel that takes nothing from the bot; undefined when it is a conversation of two, or another fault. */
export function channelTroubleOf(fault: SlackFault, channel: string): Trouble | undefined {
  if (fault.kind !== "said-no" || !/^[CG]/.test(channel)) return undefined;
  const lost = ["not_in_channel", "channel_not_found", "is_archived"].includes(fault.code);
  if (!lost && !isPostingRestricted(fault.code)) return undefined;
  return {
    id: channelTroubleId(channel),
    surface: "slack",
    what: `Wardroom can say nothing in the Slack channel ${channel}: ${refusalWords(fault, "posting")}.`,
    remedy: "Once it may, what is owed there follows by itself.",
  };
}

/** What the operator has to do about a refusal; undefined when it is nothing of theirs. */
export function slackTroubleOf(fault: SlackFault): Trouble | undefined {
  if (fault.kind !== "said-no") return undefined;
  if (lostToken.includes(fault.code)) {
    return {
      id: tokenTroubleId,
      surface: "slack",
      what: `Slack does not take the bot's token (${fault.code}).`,
      remedy:
        "Install the app to the workspace, set SLACK_BOT_TOKEN to the Bot User OAuth Token it shows, and restart.",
      silences: true,
      deafens: true,
    };
  }
  if (fault.code !== "missing_scope") return undefined;
  return {
    id: `slack/scope/${fault.needed ?? "unknown"}`,
    surface: "slack",
    what: `The Slack app lacks the scope ${fault.needed ?? "that a call needs"}.`,
    remedy:
      "Paste the output of `npx --no wardroom slack manifest` into the app's manifest, then install the app again.",
  };
}

/** What helps where user groups cannot be read, by Slack's word for it. */
export function groupsRemedy(code: string): string {
  if (code === "missing_scope") return "Add the scope usergroups:read and install the app again.";
  return "If the workspace has user groups, ask its owner to let the app read them; else name people in people.yaml instead of groups in wardroom.yaml.";
}
