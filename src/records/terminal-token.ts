import { z } from "zod";
import type { Document, Key, Put, Store } from "../domain/store.ts";
import { sha256 } from "./ids.ts";
import { legible } from "./legible.ts";

const kind = "terminal-token";

/** One a person, so that a new one ends the one before. */
const StoredToken = z.object({ format: z.literal(2), person: z.string(), hash: z.string(), enrolledAt: z.number() });
/** The release before kept any number, each under its hash and bound to an account. */
const TokenBefore = z.object({ format: z.literal(1), account: z.string(), enrolledAt: z.number() });

export function terminalTokenKey(person: string): Key {
  return `${kind}/${person}`;
}

/** Whom a token was made for: a person, or with the release before whoever has the account. Undefined when it is not known. */
export async function tokenOwner(
  store: Pick<Store, "list" | "read">,
  token: string,
): Promise<{ readonly person: string } | { readonly account: string } | undefined> {
  const hash = sha256(token);
  const [found] = await store.list(kind, "hash", { ...exactly(hash), limit: 1 });
  if (found) return { person: legible(found, (value) => StoredToken.parse(value)).person };
  const [before] = await store.read([`${kind}/${hash}`]);
  const parsed = TokenBefore.safeParse(before?.value);
  return parsed.success ? { account: parsed.data.account } : undefined;
}

/** The tokens that the release before made for an account. */
export async function tokensBefore(store: Pick<Store, "list">, account: string): Promise<Document[]> {
  return store.list(kind, "account", exactly(account));
}

/** Only the hash is kept, so that nobody can read the token back. */
export function putTerminalToken(token: string, person: string, enrolledAt: number): Put {
  const hash = sha256(token);
  return { key: terminalTokenKey(person), value: { format: 2, person, hash, enrolledAt }, index: { hash } };
}

function exactly(value: string): { readonly from: string; readonly to: string } {
  return { from: value, to: `${value}\0` };
}
