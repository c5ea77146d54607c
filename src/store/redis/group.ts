import { z } from "zod";
import { BackendError } from "../../domain/failure.ts";
import type { Meter } from "../../domain/meter.ts";
import type { ChainHead, CommitResult } from "../../domain/store.ts";
import type { Waiting } from "../commit-queue.ts";
import { meterGroup } from "../meter-group.ts";
import { parseStored } from "../prepared.ts";
import { fields } from "./check.ts";
import type { Connection } from "./connection.ts";
import { encodeGroup } from "./encode.ts";
import { loadScript } from "./script.ts";

const script = loadScript("clock.lua", "commit.lua");
const replicaTimeoutMs = 5_000;

const Refusal = z.tuple([z.number(), z.enum(["committed", "repeated", "late", "conflict"])], z.string());
const Reply = z.tuple(
  [z.enum(["committed", "refused", "head", "clock"]), z.coerce.number(), z.coerce.number(), z.string()],
  Refusal,
);
type Reply = z.output<typeof Reply>;

/** Flushes groups of commits. It knows the head of the chain as the store last told it, and the store's clock nearly. */
export class GroupWriter {
  readonly #connection: Connection;
  readonly #meter: Meter | undefined;
  /** Replicas that must have a durable commit, even when fewer are connected. */
  readonly #replicas: number;
  #head: ChainHead;
  #clockAheadMs: number;

  constructor(
    connection: Connection,
    start: { readonly head: ChainHead; readonly now: number },
    options: { readonly meter?: Meter; readonly replicas?: number },
  ) {
    this.#connection = connection;
    this.#head = start.head;
    this.#clockAheadMs = start.now - Date.now();
    this.#meter = options.meter;
    this.#replicas = options.replicas ?? 0;
  }

  /** Settles every commit of the group. What some other process or a bad commit upsets is chained again and sent again. */
  async flush(group: readonly Waiting[]): Promise<void> {
    let rest = group;
    while (rest.length > 0) {
      const commits = rest.map(({ commit }) => commit);
      const { args, head } = encodeGroup(commits, this.#head, Date.now() + this.#clockAheadMs);
      // Foreseen, so that the next group can be chained and sent while this one is under way.
      this.#head = head;
      let reply: Reply;
      try {
        reply = Reply.parse(await this.#connection.run(script, args, "the commit"));
      } catch (error) {
        meterGroup(
          this.#meter,
          rest.map(() => "failed"),
        );
        throw error;
      }
      rest = await this.#take(rest, reply);
    }
  }

  /** Returns the commits that are still to be written. */
  async #take(group: readonly Waiting[], reply: Reply): Promise<readonly Waiting[]> {
    const [status, now, seq, hash, ...refusals] = reply;
    this.#clockAheadMs = now - Date.now();
    // A group that was sent meanwhile on the foreseen head is told so by the store, and is chained again in its turn.
    if (status !== "committed") this.#head = { seq, hash };
    switch (status) {
      case "committed":
        await this.#answer(group.map((waiting) => [waiting, { outcome: "committed" }]));
        return [];
      case "refused": {
        const results = new Map(refusals.map((refusal) => [refusal[0], resultOf(refusal, now)]));
        await this.#answer(
          group.flatMap((waiting, at) => {
            const result = results.get(at);
            return result ? [[waiting, result] as const] : [];
          }),
        );
        return group.filter((_, at) => !results.has(at));
      }
      case "head":
      case "clock":
        this.#meter?.count("wardroom_commit_retries_total", { reason: status });
        return group;
    }
  }

  async #answer(results: readonly (readonly [Waiting, CommitResult])[]): Promise<void> {
    meterGroup(
      this.#meter,
      results.map(([, { outcome }]) => outcome),
    );
    const owing: Waiting[] = [];
    for (const [waiting, result] of results) {
      if (waiting.commit.durable && result.outcome === "committed") owing.push(waiting);
      else waiting.resolve(result);
    }
    if (owing.length === 0) return;
    try {
      await this.#replicate();
      for (const waiting of owing) waiting.resolve({ outcome: "committed" });
    } catch (error) {
      const detail = `the commit is written, but no replica is known to have it: ${String(error)}`;
      const unconfirmed = new BackendError(this.#connection.name, { fault: "lost", detail });
      for (const waiting of owing) waiting.reject(unconfirmed);
    }
  }

  /** Waits until replicas have all that this connection wrote, as many as are asked for or, when none are, one if any is there. */
  async #replicate(): Promise<void> {
    const { redis } = this.#connection;
    let needed = this.#replicas;
    if (needed === 0) {
      const connected =
        fields(await this.#connection.attempt(() => redis.info("replication"))).get("connected_slaves") ?? "0";
      if (connected === "0") return;
      needed = 1;
    }
    const reached = await this.#connection.attempt(() => redis.wait(needed, replicaTimeoutMs));
    if (reached < needed) throw new Error(`${reached} of ${needed} confirmed within ${replicaTimeoutMs} ms`);
  }
}

function resultOf([, outcome, ...details]: z.output<typeof Refusal>, now: number): CommitResult {
  switch (outcome) {
    case "committed":
      return { outcome };
    case "repeated":
      return { outcome, answer: parseStored(details[0] ?? "null") };
    case "late":
      return { outcome, now };
    case "conflict":
      return { outcome, keys: details };
  }
}
