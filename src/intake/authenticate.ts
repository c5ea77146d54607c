import { createHash, timingSafeEqual } from "node:crypto";
import type { AlertSender } from "../domain/alerts/sender.ts";

/** What proves who somebody is: any of the tokens, with the user name where there is one. */
export interface Credentials {
  readonly user?: string;
  readonly tokens: readonly string[];
}

/** A sender with its tokens as they are now. */
export interface LiveSender extends Credentials, Pick<AlertSender, "id" | "kind" | "system"> {
  readonly map?: AlertSender["map"];
}

/**
 * Whose request it is, by its `authorization`: a bearer token, or basic authentication. Every token is compared, each in the
 * same time whatever it is, so that how long it takes tells nothing.
 */
export function ownerOf<Owner extends Credentials>(
  header: string | undefined,
  owners: readonly Owner[],
): Owner | undefined {
  const given = credentialIn(header ?? "");
  return given && ownerWith(given, owners);
}

/** Whose token it is, compared as in `ownerOf`. */
export function senderOfToken(token: string, senders: readonly LiveSender[]): LiveSender | undefined {
  return token === "" ? undefined : ownerWith({ token }, senders);
}

interface Credential {
  readonly user?: string;
  readonly token: string;
}

function ownerWith<Owner extends Credentials>(given: Credential, owners: readonly Owner[]): Owner | undefined {
  const digest = digestOf(given.token);
  let found: Owner | undefined;
  for (const owner of owners) {
    const isUser = given.user === undefined || (owner.user !== undefined && isSame(given.user, owner.user));
    for (const token of owner.tokens) if (timingSafeEqual(digest, digestOf(token)) && isUser) found ??= owner;
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
