import { askedWords, standingApprovals, standingWords } from "../approvals/request.ts";
import type { WholeRequest } from "../approvals/run.ts";
import type { TimelineEntry } from "./timeline.ts";

/** Proof of one request: what was approved by whom, and how each step of it ended. Times are store times in ms. */
export interface RequestReceipt {
  readonly code: string;
  readonly what: string;
  readonly reason: string;
  /** SHA-256 of what was approved, hex. */
  readonly digest: string;
  readonly asked: Signed;
  readonly approved: readonly Signed[];
  readonly steps: readonly {
    readonly title: string;
    readonly state: string;
    readonly said?: string;
    readonly at?: number;
  }[];
  readonly ended: { readonly how: string; readonly why: string; readonly at: number };
  /** Where the journal stood when its run ended. */
  readonly journalHead?: { readonly seq: number; readonly hash: string };
  /** Where it is on record, oldest first. */
  readonly links: readonly string[];
}

interface Signed {
  readonly who: string;
  readonly at: number;
  /** Where it is on record; absent where the timeline has not told of it. */
  readonly link?: string;
}

/** The receipt of a request, with the links of the journal that the timeline tells it from. */
export function receiptOf({ request, sealed, run }: WholeRequest, entries: readonly TimelineEntry[]): RequestReceipt {
  const { code, digest, reason, openedAt, state, stateAt, why } = request;
  const about = entries.filter(
    ({ kind, text }) => (kind === "request" || kind === "run") && text.includes(`(request ${code})`),
  );
  const signed = (person: string, verb: string, { who, at }: Omit<Signed, "link">): Signed => {
    const link = about.find((each) => each.who?.person === person && each.text.startsWith(verb))?.source;
    return { who, at, ...(link !== undefined && { link }) };
  };
  return {
    code,
    what: askedWords(sealed, sealed.system),
    reason,
    digest,
    asked: signed(sealed.requester.person, "asks for ", { who: sealed.requester.name, at: openedAt }),
    approved: standingApprovals(request).map(({ person, name: who, at }) => signed(person, "approves ", { who, at })),
    steps: (run?.steps ?? []).map(({ title, state: how, detail, at }) => ({
      title,
      state: how,
      ...(detail !== undefined && { said: detail }),
      ...(at !== undefined && { at }),
    })),
    ended: { how: standingWords({ ...request, state }), why, at: stateAt },
    ...(run?.journalHead && { journalHead: run.journalHead }),
    links: [...new Set(about.flatMap(({ source }) => source ?? []))],
  };
}
