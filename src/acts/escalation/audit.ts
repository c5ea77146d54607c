import { isStillGiven } from "../../domain/alerts/ack.ts";
import { classOfEpisode, type EscalationMatrix, type MatrixClass } from "../../domain/escalation/matrix.ts";
import type { Store } from "../../domain/store.ts";
import { readAcks } from "../../records/ack.ts";
import { parseTold, toldKey } from "../../records/alert-told.ts";
import { episodeKey, firingEpisodes, shortCode } from "../../records/episode.ts";
import {
  escalationKey,
  escalationsDue,
  putEscalation,
  type ReadEscalation,
  readEscalations,
} from "../../records/escalation.ts";
import { ifLegible } from "../../records/legible.ts";
import { transact } from "../transact.ts";
import { followTold, type ToldNow } from "./follow-told.ts";
import type { PagePorts } from "./page-due.ts";

/** So long after it was due it is not only late, ms. */
const stuckMs = 120_000;
/** What was told so recently may be on its way, ms. */
const freshMs = 30_000;
const perSystem = 500;

export interface EscalationAudit {
  /** Codes of alerts whose time has long come, and nobody was called. */
  readonly stuck: readonly string[];
  readonly unreadable: number;
  /** Codes of alerts that had no plan although they fire and nobody has them: they have one now. */
  readonly mended: readonly string[];
}

/** Looks at everything that fires and was told, by itself and not by what plans say. */
export async function auditEscalations(ports: Pick<PagePorts, "store" | "routing">): Promise<EscalationAudit> {
  const { store } = ports;
  const now = await store.now();
  const due = await escalationsDue(store, now - stuckMs, perSystem);
  const mended: string[] = [];
  for (const system of ports.routing().escalations.keys()) mended.push(...(await mend(ports, system)));
  return {
    stuck: due.found.map(({ escalation }) => escalation.code),
    unreadable: due.unreadable.length,
    mended,
  };
}

/** Plans what should have a plan: alerts from before the matrix, and what was lost. */
async function mend(
  { store, routing }: Pick<PagePorts, "store" | "routing">,
  system: string,
): Promise<readonly string[]> {
  const outcome = await transact(store, async (now) => {
    const { escalations } = routing();
    const missing = await withoutPlan(store, { system, matrix: escalations.get(system), now });
    if (missing.length === 0) return { result: [] };
    const lapsed = await readEscalations(
      store,
      missing.map(({ episode }) => shortCode(episode)),
    );
    const { expect, put, notices } = await followTold(store, escalations, { told: missing, now });
    const written = new Set(put.map(({ key }) => key));
    // Held by an acknowledgement that is no more: it is looked at as when it was given back.
    const again = [...lapsed.values()].filter(
      ({ escalation: { code, endedAt } }) => endedAt === undefined && !written.has(escalationKey(code)),
    );
    return {
      result: missing.map(({ episode }) => shortCode(episode)),
      commit: {
        expect,
        put: [...put, ...again.map(({ escalation }) => putEscalation(escalation, { at: now }))],
        notices,
      },
    };
  });
  return outcome.repeated ? [] : outcome.result;
}

async function withoutPlan(
  store: Store,
  {
    system,
    matrix,
    now,
  }: { readonly system: string; readonly matrix: EscalationMatrix | undefined; readonly now: number },
): Promise<readonly ToldNow[]> {
  const { found } = await firingEpisodes(store, system, perSystem);
  const documents = await store.read(found.map((episode) => toldKey(episodeKey(episode))));
  const codes = [...new Set(found.map(shortCode))];
  const [acks, standing] = await Promise.all([readAcks(store, codes), readEscalations(store, codes)]);
  return found.flatMap((episode, at): ToldNow[] => {
    const document = documents[at];
    const told = document && ifLegible(() => parseTold(document));
    if (!told || told.groups.length === 0 || now - told.at < freshMs) return [];
    const ack = acks.get(shortCode(episode));
    const isHad = ack !== undefined && isStillGiven(ack, episode, now);
    const plan = matrix && classOfEpisode(matrix, episode);
    if (isHad || !plan || isPlanned(standing.get(shortCode(episode)), plan)) return [];
    return [{ key: episodeKey(episode), episode, told, ack: undefined }];
  });
}

/** It is under way by the class that it is of, or has come to the end of it. */
function isPlanned(read: ReadEscalation | undefined, { id, levels }: MatrixClass): boolean {
  if (!read || read.escalation.endedAt !== undefined || read.escalation.class !== id) return false;
  if (read.escalation.hold?.why === "acknowledged") return false;
  const last = levels.at(-1)?.number;
  return read.next !== undefined || read.escalation.rungs.some(({ level }) => level === last);
}
