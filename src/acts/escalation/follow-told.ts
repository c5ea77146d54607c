import { type Episode, episodeSummary } from "../../domain/alerts/episode.ts";
import type { AlertNow } from "../../domain/alerts/member.ts";
import {
  type Escalation,
  endedAt,
  escalationAfter,
  nextDue,
  putOnHold,
  resumed,
} from "../../domain/escalation/escalation.ts";
import { classOfEpisode, type EscalationMatrix } from "../../domain/escalation/matrix.ts";
import { isSameData } from "../../domain/same-data.ts";
import type { Commit, Store } from "../../domain/store.ts";
import type { ToldEpisode } from "../../records/alert-told.ts";
import { shortCode } from "../../records/episode.ts";
import { escalationKey, putEscalation, readEscalations } from "../../records/escalation.ts";
import { owedPages } from "../../records/page.ts";
import { nextOf, pagesIn } from "./hold.ts";

/** An episode as it was told, and who has it. */
export interface ToldNow {
  readonly key: string;
  readonly episode: Episode;
  readonly told: ToldEpisode;
  readonly ack: AlertNow["ack"];
}

/** Longer summaries are cut where several stand on one message, in characters. */
const longestSummary = 200;

type Parts = Required<Pick<Commit, "expect" | "put" | "notices">>;

/** The part of a commit that tells alerts which plans whom they call while nobody has them; of a system without a matrix nothing. */
export async function followTold(
  store: Store,
  matrices: ReadonlyMap<string, EscalationMatrix>,
  { told, now }: { readonly told: readonly ToldNow[]; readonly now: number },
): Promise<Parts> {
  const concerned = told.filter((each) => matrices.has(each.episode.system) && each.told.groups.length > 0);
  if (concerned.length === 0) return { expect: {}, put: [], notices: [] };
  const codes = [...new Set(concerned.map(({ episode }) => shortCode(episode)))];
  const documents = await store.read(codes.map(escalationKey));
  const known = await readEscalations(store, codes);
  const standing = new Map<string, Escalation>([...known].map(([code, { escalation }]) => [code, escalation]));
  for (const each of concerned.toSorted((one, other) => one.episode.since - other.episode.since)) {
    const code = shortCode(each.episode);
    const next = afterTold(standing.get(code), each, { matrix: matrices.get(each.episode.system), now });
    if (next) standing.set(code, next);
  }
  const changed = [...standing.values()].filter((each) => !isSameData(each, known.get(each.code)?.escalation));
  return {
    // Read first of all: what changes between the two reads is a conflict.
    expect: Object.fromEntries(codes.map((code, at) => [escalationKey(code), documents[at]?.revision ?? null])),
    put: changed.map((each) => {
      const plan = matrices.get(each.system)?.classes.find(({ id }) => id === each.class);
      // What a silence hides is looked at again and again.
      const next = each.hold?.why === "silenced" ? { at: now } : nextOf(plan && nextDue(each, plan));
      return putEscalation(each, next);
    }),
    notices: await owedPages(store, changed.flatMap(pagesIn), now),
  };
}

function afterTold(
  before: Escalation | undefined,
  { key, episode, told, ack }: ToldNow,
  { matrix, now }: { readonly matrix: EscalationMatrix | undefined; readonly now: number },
): Escalation | undefined {
  if (episode.state === "resolved") return before?.episode === key ? endedAt(before, now) : before;
  // An episode before the one that stands is over.
  if (before && episode.since < before.since) return before;
  const plan = matrix && classOfEpisode(matrix, episode);
  const rank = (id: string | undefined): number => matrix?.classes.findIndex((each) => each.id === id) ?? -1;
  const isWorse = rank(plan?.id) < rank(before?.class);
  const alert = {
    code: shortCode(episode),
    system: episode.system,
    summary: episodeSummary(episode).slice(0, longestSummary),
    episode: key,
    since: episode.since,
    groups: told.groups,
  };
  const after = escalationAfter(before, alert, { plan, isWorse, now });
  if (after && ack) return putOnHold(after, { why: "acknowledged", name: ack.name, at: ack.at });
  return after?.hold?.why === "acknowledged" ? resumed(after, now) : after;
}
