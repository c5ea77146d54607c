import { expect, it } from "vitest";
import { enrolTerminal, revokeTerminal } from "../../../src/acts/people/enrol-terminal.ts";
import { noteWrongTokens } from "../../../src/acts/people/note-wrong-tokens.ts";
import type { Store } from "../../../src/domain/store.ts";
import { terminalAccountOf } from "../../../src/reads/terminal-account.ts";
import { sha256 } from "../../../src/records/ids.ts";
import { people, policy } from "../../domain/approvals/request-fixtures.ts";
import { createBench } from "../approvals/request-bench.ts";

const boris = { person: "boris", accounts: ["boris"] };
const speaks = (store: Store, token: string) => terminalAccountOf(store, token, "terminal");
const kindsIn = async (store: Store) =>
  (await store.journal({ limit: 50 })).flatMap(({ entries }) => entries.map(({ kind }) => kind));

/** The fixtures' people, with accounts on the terminal as given. */
const withTerminals = (terminals: Readonly<Record<string, readonly string[]>>) =>
  people.flatMap((each) => {
    const terminal = terminals[each.id];
    if (terminal === undefined) return [];
    return [{ ...each, accounts: { console: [each.id], ...(terminal.length > 0 && { terminal: [...terminal] }) } }];
  });

async function benchWith(terminals: Readonly<Record<string, readonly string[]>>) {
  const bench = await createBench();
  await bench.adopt(policy({ revision: "with-terminals", people: withTerminals(terminals) }));
  return bench;
}

it("a second enrolment ends the first token", async () => {
  const { store } = await benchWith({ boris: ["boris"] });
  const { token: first, isEnded } = await enrolTerminal(store, boris);
  expect(isEnded).toBe(false);
  expect(await speaks(store, first)).toBe("boris");
  const { token: second, isEnded: isFirstEnded } = await enrolTerminal(store, boris);
  expect(isFirstEnded).toBe(true);
  expect(await speaks(store, first)).toBeUndefined();
  expect(await speaks(store, second)).toBe("boris");
});

it("of many enrolments at once one token is left", async () => {
  const { store } = await benchWith({ boris: ["boris"] });
  const enrolled = await Promise.all(Array.from({ length: 6 }, () => enrolTerminal(store, boris)));
  const tokens = enrolled.map(({ token }) => token);
  const spoken = await Promise.all(tokens.map((token) => speaks(store, token)));
  expect(spoken.filter((account) => account !== undefined)).toEqual(["boris"]);
});

it("a token that is ended speaks for nobody, on record; where there is none nothing happens", async () => {
  const { store } = await benchWith({ boris: ["boris"] });
  const { token } = await enrolTerminal(store, boris);
  expect(await revokeTerminal(store, boris)).toBe(true);
  expect(await speaks(store, token)).toBeUndefined();
  expect(await revokeTerminal(store, boris)).toBe(false);
  expect((await kindsIn(store)).slice(-2)).toEqual(["terminal.enrolled", "terminal.revoked"]);
});

it("a token is its person's: the next owner of the account gets nothing by it, and the person goes on with another", async () => {
  const bench = await benchWith({ boris: ["boris"], chen: [] });
  const { token } = await enrolTerminal(bench.store, boris);
  const moved = withTerminals({ boris: [], chen: ["boris"] });
  await bench.adopt(policy({ revision: "moved", people: moved }));
  expect(await speaks(bench.store, token)).toBeUndefined();
  await bench.adopt(policy({ revision: "renamed", people: withTerminals({ boris: ["boris-2"], chen: ["boris"] }) }));
  expect(await speaks(bench.store, token)).toBe("boris-2");
});

it("the token of somebody who is in force no more is dead", async () => {
  const bench = await benchWith({ boris: ["boris"], chen: [] });
  const { token } = await enrolTerminal(bench.store, boris);
  await bench.adopt(policy({ revision: "without", people: withTerminals({ chen: [] }) }));
  expect(await speaks(bench.store, token)).toBeUndefined();
});

it("a token of the release before ends with the next enrolment, and when it is ended", async () => {
  const { store } = await benchWith({ boris: ["boris"] });
  const put = async (token: string) =>
    store.commit({
      id: token,
      put: [
        {
          key: `terminal-token/${sha256(token)}`,
          value: { format: 1, account: "boris", enrolledAt: 1 },
          index: { account: "boris" },
        },
      ],
    });
  await put("wrt_before");
  expect(await speaks(store, "wrt_before")).toBe("boris");
  await enrolTerminal(store, boris);
  expect(await speaks(store, "wrt_before")).toBeUndefined();
  await put("wrt_another");
  await revokeTerminal(store, boris);
  expect(await speaks(store, "wrt_another")).toBeUndefined();
});

it("wrong tokens are on record, counted", async () => {
  const { store } = await createBench();
  await noteWrongTokens(store, 59);
  const entries = (await store.journal({ limit: 50 })).flatMap((link) => link.entries);
  expect(entries.at(-1)).toMatchObject({ kind: "terminal.refused", count: 59, who: { person: null, account: null } });
});
