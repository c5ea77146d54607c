import type { Claimed, Store } from "../../domain/store.ts";
import {
  endsBy,
  type Follow,
  type FollowRound,
  followEveryMs,
  quietEveryMs,
  withRound,
} from "../../domain/systems/follow.ts";
import type { LogResult } from "../../domain/systems/logs.ts";
import { followKey, putFollow, type ReadFollow } from "../../records/follow.ts";
import { newId } from "../../records/ids.ts";
import { followNotices } from "./follow-log.ts";
import { roundLines } from "./round-lines.ts";

/** What a round came to: what the search found, or why there was none. */
export type Fed =
  | { readonly read: Pick<LogResult, "lines" | "matched" | "gaps">; readonly at: number }
  | { readonly trouble: string }
  /** Whoever asked for it may not see it any more. */
  | { readonly refused: string };

/**
 * Puts on record what a round came to and when the next one is due, in one commit: a round counts once, whichever process ran it.
 * Nothing where it was ended meanwhile.
 */
export async function feedFollow(
  store: Store,
  item: Claimed,
  { follow, revision }: ReadFollow,
  fed: Fed,
): Promise<void> {
  const now = await store.now();
  const next = ended(after(follow, fed), fed, now);
  const isNews = next.fresh !== follow.fresh || next.failures !== follow.failures || next.missed !== follow.missed;
  const shows = isNews || next.ended !== undefined || now - follow.shownAt >= quietEveryMs;
  const shown: Follow = shows ? { ...next, shownAt: now } : next;
  await store.commit({
    id: newId(),
    expect: { [followKey(follow.id)]: revision },
    put: [putFollow(shown)],
    notices: shows ? followNotices(shown, now) : [],
    settle: [
      {
        queue: item.queue,
        id: item.id,
        fence: item.fence,
        version: item.version,
        ...(!shown.ended && { retryAt: Math.min(now + followEveryMs, Math.max(now, follow.until)) }),
      },
    ],
    relaxed: true,
  });
}

function after(follow: Follow, fed: Fed): Follow {
  if ("refused" in fed) return follow;
  if ("trouble" in fed) return { ...follow, failures: follow.failures + 1, trouble: fed.trouble };
  const round: FollowRound = {
    at: fed.at,
    lines: roundLines(fed.read.lines, fed.at),
    cut: fed.read.lines.length < fed.read.matched,
    partial: fed.read.gaps.length > 0,
  };
  return withRound(follow, round);
}

function ended(follow: Follow, fed: Fed, now: number): Follow {
  if ("refused" in fed) return { ...follow, seen: [], ended: { at: now, why: "right", detail: fed.refused } };
  const why = endsBy(follow, now);
  if (!why) return follow;
  // What it says until when it was fed is no later than its time.
  const fedUntil = Math.min(follow.fedUntil, follow.until);
  const detail = why === "failed" && follow.trouble !== undefined ? { detail: follow.trouble } : {};
  return { ...follow, fedUntil, seen: [], ended: { at: now, why, ...detail } };
}
