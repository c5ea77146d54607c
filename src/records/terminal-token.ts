import { z } from "zod";
import type { Put, Store } from "../domain/store.ts";
import { sha256 } from "./ids.ts";

const StoredToken = z.object({ format: z.literal(1), account: z.string(), enrolledAt: z.number() });

/** Only the hash of a token is kept, so that nobody can read it back. */
export function terminalTokenKey(token: string): string {
  return `terminal-token/${sha256(token)}`;
}

/** Id of the terminal account that a token was made for; undefined when it is not known. */
export async function terminalAccountOf(store: Store, token: string): Promise<string | undefined> {
  const [document] = await store.read([terminalTokenKey(token)]);
  return document && StoredToken.parse(document.value).account;
}

/** `account` is the id on the terminal; the token itself is not kept. */
export function putTerminalToken(token: string, account: string, enrolledAt: number): Put {
  return { key: terminalTokenKey(token), value: { format: 1, account, enrolledAt }, index: { account } };
}
