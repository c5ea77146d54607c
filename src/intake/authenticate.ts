import { createHash, timingSafeEqual } from "node:crypto";
import type { AlertSender } from "../domain/alerts/sender.ts";

/** A sender with its tokens as they are now. */
export interface LiveSender extends Pick<AlertSender, "id" | "kind" | "system"> {
  readonly map?: AlertSender["map"];
  readonly user?: string;
  readonly tokens: readonly string[];
}

/**
 * Whose request it is, by its `authorization`: a bearer token, or basic authentication. Every token is compared, each in the
 * same time whatever it is, so that how long it takes tells nothing.
 */
export function senderOf(header: string | undefined, senders: readonly LiveSender[]): LiveSender | undefined {
  const given = credentialIn(header ?? "");
  return given && senderWith(given, senders);
}

/** Whose token it is, compared as in `senderOf`. */
export function senderOfToken(token: string, senders: readonly LiveSender[]): LiveSender | undefined {
  return token === "" ? undefined : senderWith({ token }, senders);
}

interface Credential {
  readonly user?: string;
  readonly token: string;
}

function senderWith(given: Credential, senders: readonly LiveSender[]): LiveSender | undefined {
  const digest = digestOf(given.token);
  let found: LiveSender | undefined;
  for (const sender of senders) {
    const isUser = given.user === undefined || (sender.user !== undefined && isSame(given.user, sender.user));
    for (const token of sender.tokens) if (timingSafeEqual(digest, digestOf(token)) && isUser) found ??= sender;
  }
  return found;
}

function credentialIn(header: string): Credential | undefined {
  const [, scheme = "", value = ""] = /^(bearer|basic) +(\S+) *$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === "bearer") return { token: value };
  if (scheme === "") return undefined;
  const [, user = "", token = ""] = /^([^:]*):(.+)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
  return user === "" ? undefined : { user, token };
}

function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digestOf(a), digestOf(b));
}

/** Of one length, whatever the text is. */
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
