import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { newId } from "../../records/ids.ts";
import { putTerminalToken } from "../../records/terminal-token.ts";

/** Makes a personal terminal token. Only its hash is kept, so nobody can read it back; the enrolment is on record. */
export async function enrolTerminal(store: Store, account: string): Promise<string> {
  const token = `wrt_${newId()}${newId()}`;
  const now = await store.now();
  await store.commit({
    id: newId(),
    put: [putTerminalToken(token, account, now)],
    journal: [{ kind: "terminal.enrolled", at: now, who: nobody, account: `terminal:${account}` }],
    durable: true,
  });
  return token;
}
