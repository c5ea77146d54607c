import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { decideRequest } from "../../../src/acts/approvals/decide-request.ts";
import { openRequest, type Proposal } from "../../../src/acts/approvals/open-request.ts";
import { adoptPolicy } from "../../../src/acts/people/adopt-policy.ts";
import { knownSurfaces } from "../../../src/compose/known-surfaces.ts";
import type { DecisionVerb } from "../../../src/domain/approvals/decision.ts";
import { BackendError, UserError } from "../../../src/domain/failure.ts";
import type { Place } from "../../../src/domain/messages/place.ts";
import type { Directory, Standing } from "../../../src/domain/people/directory.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import { surfaceName } from "../../../src/domain/people/surface.ts";
import type { Store, StoredEntry } from "../../../src/domain/store.ts";
import { type ReadRequest, readRequest } from "../../../src/records/request.ts";
import { openSqliteStore } from "../../../src/store/sqlite/store.ts";
import { flatten, flattenPlan, people, policy } from "../../domain/approvals/request-fixtures.ts";
import { SystemFile } from "../../fakes/backends.ts";

export const alphapulse = SystemFile.parse({
  id: "alphapulse",
  title: "AlphaPulse-RL",
  health: [{ id: "trading", http: "http://127.0.0.1:1/health" }],
});

/** A store with rules in force, a clock to move, and the people to act on it. */
export interface Bench {
  readonly directory: Directory;
  /** What the platforms say of an account, by `surface:id`; all is well with those left out. */
  readonly standings: Map<string, Standing | "silent">;
  readonly store: Store;
  readonly clock: { now: number };
  /** `follows`: the request that this one follows by itself. */
  ask(
    person: string,
    plan?: Partial<Proposal>,
    place?: Place,
    how?: { readonly follows?: string },
  ): Promise<ReadRequest>;
  decide(
    verb: DecisionVerb,
    person: string,
    request: Pick<ReadRequest, "request">,
    more?: { account?: string; digest?: string; channel?: string; invocation?: string; place?: Place },
  ): Promise<ReadRequest>;
  /** Writes down entries as another release did. */
  entries(journal: readonly StoredEntry[]): Promise<void>;
  now(request: { readonly request: { readonly id: string } }): Promise<ReadRequest>;
  adopt(policy: Policy): Promise<boolean>;
}

let counter = 0;

export async function createBench(rules: Policy = policy()): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-acts-"));
  const clock = { now: 1_000_000 };
  const standings = new Map<string, Standing | "silent">();
  const directory: Directory = {
    async standing({ surface, id }) {
      const said = standings.get(`${surface}:${id}`) ?? { ok: true, groups: [] };
      if (said === "silent")
        throw new BackendError(surfaceName(knownSurfaces, surface), { fault: "timeout", detail: "did not answer" });
      return said;
    },
  };
  const store = openSqliteStore({ path: join(folder, "state.db"), now: () => clock.now });
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  await adoptPolicy(store, rules, { how: "first" });
  return {
    store,
    clock,
    directory,
    standings,
    async ask(person, plan = {}, place = { surface: "console", channel: "ops" }, how = {}) {
      const found = people.find((each) => each.id === person);
      if (!found) throw new UserError(`${person} is nobody here`);
      const invocation = {
        id: `i${(counter += 1)}`,
        person: found,
        account: `console:${person}`,
        place,
        now: clock.now,
      };
      const whole: Proposal = {
        system: alphapulse,
        operation: "flatten",
        risk: flatten.risk,
        direction: flatten.direction,
        permission: flatten.permission,
        arguments: {},
        plan: flattenPlan,
        readings: [],
        reason: "the exchange is halting",
        ...plan,
      };
      return (await openRequest(store, whole, invocation, how)).read;
    },
    decide: (...[verb, person, { request }, more = {}]) =>
      decideRequest(
        store,
        {
          verb,
          request: request.id,
          digest: more.digest ?? request.digest,
          invocation: more.invocation ?? `i${(counter += 1)}`,
          account: more.account ?? `console:${person}`,
          person,
          place: more.place ?? { surface: "console", channel: more.channel ?? "ops" },
        },
        directory,
      ),
    async entries(journal) {
      await store.commit({ id: `entries-${(counter += 1)}`, journal });
    },
    async now({ request }) {
      const read = await readRequest(store, request.id);
      if (!read) throw new Error("gone");
      return read;
    },
    adopt: async (next) => (await adoptPolicy(store, next, { how: "offline", user: "test" })) !== undefined,
  };
}
