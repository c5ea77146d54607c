import { episodeSummary } from "../../domain/alerts/episode.ts";
import { unmetBy } from "../../domain/alerts/matcher.ts";
import type { MirroredSilence, PeerSilence } from "../../domain/alerts/mirrored-silence.ts";
import { mirrorAfter } from "../../domain/alerts/mirrored-silence.ts";
import { readMatchers } from "../../domain/alerts/read-matchers.ts";
import { alertsThere, type SenderLook } from "../../domain/alerts/reconcile.ts";
import type { SilenceThere } from "../../domain/alerts/silence.ts";
import { endsSoon, silenceMark } from "../../domain/alerts/silence.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import { nobody } from "../../domain/journal.ts";
import { operatorPlaces, type Policy } from "../../domain/people/policy.ts";
import type { Store } from "../../domain/store.ts";
import { owedNotice } from "../../records/notice.ts";
import { putSilence, readSilence, silenceKey, silencesAt, silencesOwed } from "../../records/silence.ts";
import { mirrorKey, putMirror, readMirror, silenceMirrors } from "../../records/silence-mirror.ts";
import type { RoundWrite } from "../schedule/end-round.ts";
import { transact } from "../transact.ts";

/** So many silences of one Alertmanager are mirrored, those that end first first. */
const mostMirrored = 200;
const mostOwed = 100;

/** Asks that a silence that was made elsewhere is ended there. Undefined where there is none that holds. */
export async function endMirrored(
  store: Store,
  { sender, id }: { readonly sender: string; readonly id: string },
  { invocation, ...by }: DoneBy,
): Promise<MirroredSilence | undefined> {
  const outcome = await transact(store, async (now) => {
    const read = await readMirror(store, sender);
    const standing = read?.mirror.silences.find((each) => each.id === id);
    if (!read || !standing) return { result: undefined };
    const asked = { ...standing, ending: { by: by.name, at: now } };
    const silences = read.mirror.silences.map((each) => (each.id === id ? asked : each));
    const { match, comment } = standing;
    return {
      result: asked,
      commit: {
        once: { key: `unsilence:${invocation}`, answer: null },
        expect: { [mirrorKey(sender)]: read.revision },
        put: [putMirror({ ...read.mirror, silences })],
        journal: [{ kind: "alert.unsilenced" as const, at: now, who: by, silence: id, match, until: now, comment }],
      },
    };
  });
  if (!outcome.repeated) return outcome.result;
  const read = await readMirror(store, sender);
  return read?.mirror.silences.find((each) => each.id === id);
}

/** What a silence came to in the Alertmanagers that it is to be in. Where it was made again after it was lost, the operators are told. */
export async function noteThere(
  { store, policyInForce }: { readonly store: Store; readonly policyInForce: () => Promise<Policy> },
  id: string,
  there: readonly SilenceThere[],
): Promise<void> {
  const places = operatorPlaces((await policyInForce()).channels);
  await transact(store, async (now) => {
    const standing = await readSilence(store, id);
    if (!standing) return { result: undefined };
    const { match, until, comment, there: before = [] } = standing.silence;
    const owed = new Set(before.filter((each) => each.lost && each.id === undefined).map(({ sender }) => sender));
    const again = there.filter((each) => each.id !== undefined && owed.has(each.sender));
    const kind = "alert.silence-remade" as const;
    return {
      result: undefined,
      commit: {
        expect: { [silenceKey(id)]: standing.revision },
        put: [putSilence({ ...standing.silence, there }, now)],
        notices: again.flatMap(({ sender }) =>
          places.map((place) => owedNotice({ subject: { kind: "silence-remade", silence: id, sender }, place }, now)),
        ),
        journal: again.map(() => ({ kind, at: now, who: nobody, silence: id, match, until, comment })),
      },
    };
  });
}

/** What came of ending one that was made elsewhere: it goes, or why it is still there is kept. */
export async function noteEnding(
  store: Store,
  { sender, id }: { readonly sender: string; readonly id: string },
  fault: string | undefined,
): Promise<void> {
  await transact(store, async () => {
    const read = await readMirror(store, sender);
    if (!read) return { result: undefined };
    const silences = read.mirror.silences.flatMap((each) => {
      if (each.id !== id || !each.ending) return [each];
      return fault === undefined ? [] : [{ ...each, ending: { ...each.ending, fault } }];
    });
    const commit = { expect: { [mirrorKey(sender)]: read.revision }, put: [putMirror({ ...read.mirror, silences })] };
    return { result: undefined, commit };
  });
}

/** What a round of looks writes of silences that were made elsewhere. What a sender has is kept while not all of it could be read. */
export async function mirrorWrite(
  store: Store,
  looks: readonly SenderLook[],
): Promise<Required<Pick<RoundWrite, "expect" | "put" | "remove">>> {
  const own = await ownThere(store);
  const now = await store.now();
  const standing = (await silenceMirrors(store)).found;
  const asked = new Set(looks.map(({ sender }) => sender.id));
  const steps = looks.flatMap(({ sender: { id: sender, system }, peers }) => {
    const states = peers.flatMap((reading) => (reading.ok ? [reading.value.silences] : []));
    if (states.length < peers.length) return [];
    const silences = [...new Map(states.flat().map((each) => [each.id, each])).values()]
      .filter((each) => !isOwn(each, own))
      .toSorted((a, b) => a.until - b.until)
      .slice(0, mostMirrored)
      .map((each) => withHidden(each, { states: peers, now }));
    const before = standing.find(({ mirror }) => mirror.sender === sender);
    const after = mirrorAfter(before?.mirror, { sender, system, silences });
    const isNew = JSON.stringify(before?.mirror.silences ?? []) !== JSON.stringify(after.silences);
    return isNew ? [{ after, revision: before?.revision ?? null }] : [];
  });
  return {
    expect: Object.fromEntries(steps.map(({ after, revision }) => [mirrorKey(after.sender), revision])),
    put: steps.map(({ after }) => putMirror(after)),
    remove: standing.filter(({ mirror }) => !asked.has(mirror.sender)).map(({ mirror }) => mirrorKey(mirror.sender)),
  };
}

/** So many are kept of what one silence hides. */
const mostHidden = 20;

/** The silence with what fires there and is hidden by it: before its end people are told of that. */
function withHidden(
  silence: PeerSilence,
  { states, now }: { readonly states: SenderLook["peers"]; readonly now: number },
): MirroredSilence {
  if (!endsSoon(silence, now)) return silence;
  const { matchers } = readMatchers(silence.match);
  const hidden = [...alertsThere(states).values()].flatMap(([first]) =>
    first && !first.isActive && unmetBy(first.labels, matchers) === undefined ? [first] : [],
  );
  const hides = hidden.slice(0, mostHidden).map((each) => ({ labels: each.labels, summary: episodeSummary(each) }));
  return hides.length > 0 ? { ...silence, hides } : silence;
}

interface OwnThere {
  readonly ids: ReadonlySet<string>;
  readonly marks: readonly string[];
}

async function ownThere(store: Store): Promise<OwnThere> {
  const [holding, owed] = await Promise.all([silencesAt(store, await store.now()), silencesOwed(store, mostOwed)]);
  const own = [...holding.found, ...owed.found].map(({ silence }) => silence);
  return {
    ids: new Set(own.flatMap(({ there = [] }) => there.flatMap(({ id }) => (id === undefined ? [] : [id])))),
    marks: own.filter(({ there = [] }) => there.some(({ id }) => id === undefined)).map(({ id }) => silenceMark(id)),
  };
}

function isOwn({ id, comment }: PeerSilence, { ids, marks }: OwnThere): boolean {
  return ids.has(id) || marks.some((mark) => comment.endsWith(mark));
}
