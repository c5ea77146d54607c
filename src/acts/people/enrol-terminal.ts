import { z } from "zod";
import { nobody } from "../../domain/journal.ts";
import type { Store } from "../../domain/store.ts";
import { newId, sha256 } from "../../records/ids.ts";

const Token = z.object({ format: z.literal(1), account: z.string(), enrolledAt: z.number() });

/** Makes a personal terminal token. Only its hash is kept, so nobody can read it back; the enrolment is on record. */
export async function enrolTerminal(store: Store, account: string): Promise<string> {
  const token = `wrt_${newId()}${newId()}`;
  const now = await store.now();
  await store.commit({
    id: newId(),
    put: [
      {
        key: `terminal-token/${sha256(token)}`,
        value: { format: 1, account, enrolledAt: now },
        index: { account },
      },
    ],
    journal: [{ kind: "terminal.enrolled", at: now, who: nobody, account: `terminal:${account}` }],
    durable: true,
  });
  return token;
}

/** The terminal account a token was made for; undefined when it is not known. */
export async function terminalAccountOf(store: Store, token: string): Promise<string | undefined> {
  const [document] = await store.read([`terminal-token/${sha256(token)}`]);
  return document && Token.parse(document.value).account;
}
