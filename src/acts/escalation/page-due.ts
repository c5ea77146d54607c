import { isStillGiven } from "../../domain/alerts/ack.ts";
import type { Episode } from "../../domain/alerts/episode.ts";
import { labelledEpisode } from "../../domain/alerts/labelled-alert.ts";
import { whyNeverMuted } from "../../domain/alerts/never-muted.ts";
import type { Routing } from "../../domain/alerts/routing.ts";
import { type Silence, silenceFor } from "../../domain/alerts/silence.ts";
import {
  type Escalation,
  type EscalationStep,
  endedAt,
  nextDue,
  putOnHold,
  resumed,
  stepOf,
} from "../../domain/escalation/escalation.ts";
import type { MatrixClass } from "../../domain/escalation/matrix.ts";
import type { Policy } from "../../domain/people/policy.ts";
import type { Put, Store } from "../../domain/store.ts";
import { ackKey, parseAckIn } from "../../records/ack.ts";
import { parseEpisode } from "../../records/episode.ts";
import {
  type EscalationNext,
  escalationKey,
  escalationsDue,
  parseEscalation,
  putEscalation,
} from "../../records/escalation.ts";
import { ifLegible } from "../../records/legible.ts";
import { bookAt } from "../../records/oncall-override.ts";
import { owedPages } from "../../records/page.ts";
import { silencesAt } from "../../records/silence.ts";
import { transact } from "../transact.ts";
import { nextOf, pagesIn } from "./hold.ts";
import { type DueAlert, pageTogether } from "./page-together.ts";

export interface PagePorts {
  readonly store: Store;
  readonly routing: () => Routing;
  readonly policyInForce: () => Promise<Policy>;
}

/** So many are looked at in one commit. */
const perLook = 200;
/** What a silence keeps from people is looked at again so soon, ms. */
const silencedLookMs = 15_000;

/**
 * Calls whoever is due, once over all replicas: each commit expects the alerts, and whoever has them, as they were read. Answers
 * whether there may be more.
 */
export async function pageDue(ports: PagePorts): Promise<boolean> {
  const { store } = ports;
  const { found } = await escalationsDue(store, await store.now(), perLook);
  const bySystem = Map.groupBy(found, ({ escalation }) => escalation.system);
  for (const [system, due] of bySystem)
    await pageSystem(
      ports,
      system,
      due.map(({ escalation }) => escalation.code),
    );
  return found.length >= perLook;
}

interface Looked {
  readonly before: Escalation;
  readonly revision: string;
  readonly after: Escalation;
  readonly next: EscalationNext | undefined;
  /** What is to be told now, by which plan. */
  readonly step?: { readonly step: EscalationStep; readonly plan: MatrixClass };
}

async function pageSystem(ports: PagePorts, system: string, codes: readonly string[]): Promise<void> {
  const { store } = ports;
  const policy = await ports.policyInForce();
  await transact(store, async (now) => {
    const routing = ports.routing();
    const { looked, acks } = await lookAt(store, { routing, codes, now });
    if (looked.length === 0) return { result: undefined };
    const book = await bookAt(store, routing.book, now);
    const due = looked.flatMap(({ after, step }): DueAlert[] => (step ? [{ escalation: after, ...step }] : []));
    const paged = await pageTogether(store, due, { policy, book, system, direct: routing.direct, now });
    const changed = looked.filter(({ step, before, after }) => !step && before !== after);
    return {
      result: undefined,
      commit: {
        expect: {
          ...paged.expect,
          ...Object.fromEntries(looked.map(({ before, revision }) => [escalationKey(before.code), revision])),
          ...Object.fromEntries(acks.map(({ code, revision }) => [ackKey(code), revision])),
        },
        put: [
          ...paged.put,
          ...looked.flatMap(({ step, after, next }): Put[] => (step ? [] : [putEscalation(after, next)])),
        ],
        notices: [
          ...(await owedPages(
            store,
            changed.flatMap(({ after }) => pagesIn(after)),
            now,
          )),
          ...paged.notices,
        ],
        timers: paged.timers,
        journal: paged.journal,
      },
    };
  });
}

/** What is so of each now: whether it fires, who has it, and what is due. */
async function lookAt(
  store: Store,
  { routing, codes, now }: { readonly routing: Routing; readonly codes: readonly string[]; readonly now: number },
): Promise<{
  readonly looked: readonly Looked[];
  readonly acks: readonly { readonly code: string; readonly revision: string | null }[];
}> {
  const documents = await store.read(codes.map(escalationKey));
  const read = documents.flatMap((document) => {
    const found = document && ifLegible(() => parseEscalation(document));
    // Another replica may have dealt with it since.
    return found?.next && found.next.at <= now ? [found] : [];
  });
  const [episodes, acks, silences] = await Promise.all([
    store.read(read.map(({ escalation }) => escalation.episode)),
    store.read(read.map(({ escalation }) => ackKey(escalation.code))),
    silencesAt(store, now),
  ]);
  const facts = { routing, silences: silences.found.map(({ silence }) => silence), now };
  const looked = read.map(({ escalation, revision }, at): Looked => {
    const [episode, ack] = [episodes[at], acks[at]];
    const given = ack && ifLegible(() => parseAckIn(ack));
    const isHad = given && isStillGiven(given, { since: escalation.since }, now);
    return {
      before: escalation,
      revision,
      ...lookOf(escalation, {
        ...facts,
        episode: episode && ifLegible(() => parseEpisode(episode)),
        ack: isHad ? { name: given.by.name, at: given.at } : undefined,
      }),
    };
  });
  return {
    looked,
    acks: read.map(({ escalation }, at) => ({ code: escalation.code, revision: acks[at]?.revision ?? null })),
  };
}

interface LookFacts {
  readonly routing: Routing;
  readonly silences: readonly Silence[];
  readonly now: number;
  readonly episode: Episode | undefined;
  readonly ack: { readonly name: string; readonly at: number } | undefined;
}

function lookOf(before: Escalation, facts: LookFacts): Pick<Looked, "after" | "next" | "step"> {
  const { routing, now, episode, ack } = facts;
  if (!episode || episode.state === "resolved") return { after: endedAt(before, now), next: undefined };
  if (ack) return { after: putOnHold(before, { why: "acknowledged", ...ack }), next: undefined };
  const silence = silenceOn(episode, facts);
  if (silence) {
    const hold = { why: "silenced" as const, name: silence.by.name, at: now };
    return { after: before.hold ? before : putOnHold(before, hold), next: { at: now + silencedLookMs } };
  }
  const after = resumed(before, now);
  const plan = routing.escalations.get(after.system)?.classes.find(({ id }) => id === after.class);
  // Its class stands in the file no more: who is told of it next is planned anew.
  if (!plan) return { after, next: undefined };
  const step = stepOf(after, plan, now);
  if (!step) return { after, next: nextOf(nextDue(after, plan)) };
  return { after, next: undefined, step: { step, plan } };
}

function silenceOn(episode: Episode, { routing, silences, now }: LookFacts): Silence | undefined {
  const alert = labelledEpisode(episode);
  const isNeverMuted = whyNeverMuted(alert, routing.neverMuted) !== undefined;
  return silenceFor(silences, { ...alert, isNeverMuted }, now);
}
