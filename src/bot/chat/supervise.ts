import { backoffMs } from "../../domain/backoff.ts";
import type { Lease, Leases } from "../../domain/lease.ts";
import type { Log } from "../../domain/log.ts";
import { keepLease } from "./keep-lease.ts";
import { pause } from "./pause.ts";

/** How a connection ended. */
export interface ConnectionEnd {
  readonly wasOpen: boolean;
  /** How long until the next attempt, where something tells; a backoff when left out. */
  readonly againAfterMs?: number;
}

export interface Supervised {
  /** What it is called in the log. */
  readonly name: string;
  /** Leases of which it needs any one. */
  readonly places: readonly string[];
  readonly leaseMs: number;
  readonly renewEveryMs: number;
  /** How often it looks for a place while all are taken. */
  readonly lookEveryMs: number;
  readonly leases: Leases;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** A place is its own from here on. */
  readonly took: () => void;
  /** The place is somebody else's from here on, or nobody's. */
  readonly left: () => void;
  /** It has no place: all are taken, or nobody knows, because the store did not answer. */
  readonly lacks: (why: "taken" | "unknown") => void;
  /** One connection from its opening to its end. Never rejects. */
  readonly connectOnce: (signal: AbortSignal) => Promise<ConnectionEnd>;
}

/** The first attempt after a loss comes at once, give or take: what is lost for all replicas is not asked for by all together. */
const atOnceMs = 100;
const longestPauseMs = 5_000;

/**
 * Keeps one connection for as long as it is told to: under a lease, so that all replicas together have no more than there
 * are places, and opened again and again, because the libraries of the platforms give up.
 */
export async function supervise(parts: Supervised): Promise<void> {
  const { signal } = parts;
  while (!signal.aborted) {
    const lease = await takePlace(parts);
    if (!lease) {
      await pause(parts.lookEveryMs, signal);
      continue;
    }
    parts.took();
    try {
      await stayConnected(lease, parts);
    } finally {
      parts.left();
      await lease.release();
    }
  }
}

async function takePlace({ name, places, leaseMs, leases, log, lacks }: Supervised): Promise<Lease | undefined> {
  try {
    const lease = await leases.take(places, leaseMs);
    if (!lease) lacks("taken");
    return lease;
  } catch (error) {
    lacks("unknown");
    log.warn("the lease of a connection could not be asked for", { connection: name, error });
    return undefined;
  }
}

/** Connects again and again for as long as the lease is ours. */
async function stayConnected(lease: Lease, parts: Supervised): Promise<void> {
  const lost = new AbortController();
  const signal = AbortSignal.any([lost.signal, parts.signal]);
  const { leaseMs, renewEveryMs, log } = parts;
  const stopRenewing = keepLease(lease, { leaseMs, everyMs: renewEveryMs, lose: () => lost.abort(), log });
  try {
    for (let failures = 0; !signal.aborted; ) {
      const { wasOpen, againAfterMs } = await parts.connectOnce(signal);
      failures = wasOpen ? 0 : failures + 1;
      if (!signal.aborted) await pause(againAfterMs ?? reconnectAfterMs(failures), signal);
    }
  } finally {
    stopRenewing();
  }
}

function reconnectAfterMs(failures: number): number {
  if (failures === 0) return backoffMs(0, { firstMs: atOnceMs, mostMs: atOnceMs });
  return backoffMs(failures, { leastMs: atOnceMs, firstMs: atOnceMs, mostMs: longestPauseMs });
}
