import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { rememberSecret } from "../../domain/text/known-secrets.ts";
import { newId } from "../../records/ids.ts";
import { putTerminalToken, terminalTokenKey, tokensBefore } from "../../records/terminal-token.ts";
import { type Attempt, transact } from "../transact.ts";

/** Whose token, and their accounts on the terminal. */
export interface TerminalUser {
  readonly person: string;
  readonly accounts: readonly string[];
}

/**
 * Makes a personal terminal token and ends the one before. Only its hash is kept, so nobody can read it back; the enrolment
 * is on record. `isEnded`: there was one before.
 */
export async function enrolTerminal(
  store: Store,
  { person, accounts }: TerminalUser,
): Promise<{ readonly token: string; readonly isEnded: boolean }> {
  const token = `wrt_${newId()}${newId()}`;
  rememberSecret(token);
  const outcome = await transact(store, async (now): Promise<Attempt<boolean>> => {
    const before = await tokensOf(store, { person, accounts });
    const commit = {
      expect: before.expect,
      put: [putTerminalToken(token, person, now)],
      remove: before.old,
      journal: [entry("terminal.enrolled", now, { person, accounts })],
      durable: true,
    };
    return { result: before.own !== undefined || before.old.length > 0, commit };
  });
  return { token, isEnded: !outcome.repeated && outcome.result };
}

/** Ends a person's terminal token. False when they had none. */
export async function revokeTerminal(store: Store, user: TerminalUser): Promise<boolean> {
  const outcome = await transact(store, async (now): Promise<Attempt<boolean>> => {
    const before = await tokensOf(store, user);
    const remove = [...(before.own ? [terminalTokenKey(user.person)] : []), ...before.old];
    if (remove.length === 0) return { result: false };
    const journal = [entry("terminal.revoked", now, user)];
    return { result: true, commit: { expect: before.expect, remove, journal, durable: true } };
  });
  return !outcome.repeated && outcome.result;
}

async function tokensOf(store: Store, { person, accounts }: TerminalUser) {
  const key = terminalTokenKey(person);
  const [own] = await store.read([key]);
  const old = (await Promise.all(accounts.map((account) => tokensBefore(store, account)))).flat();
  return { own, old: old.map((each) => each.key), expect: { [key]: own?.revision ?? null } };
}

function entry(kind: "terminal.enrolled" | "terminal.revoked", at: number, { person, accounts }: TerminalUser) {
  const [account] = accounts;
  return { kind, at, who: nobody, person, ...(account !== undefined && { account: `terminal:${account}` }) };
}
