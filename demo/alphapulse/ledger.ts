import type { Answer, Call } from "../service.ts";

/** A change that really happened. */
export interface Effect {
  readonly operation: string;
  /** The idempotency key it came with. */
  readonly key: string | undefined;
  readonly at: number;
}

/** What a change came to: refused (nothing happened), or done; `tookEffect` is false when there was nothing left to do. */
export type Outcome =
  | { readonly refused: string; readonly status: 403 | 409 }
  | { readonly told: Readonly<Record<string, unknown>>; readonly tookEffect: boolean };

interface Kept {
  readonly operation: string;
  readonly answer: Answer;
  readonly at: number;
}

const keptKeys = 1_000;
const keyLength = 200;

/** Idempotency keys and their recorded answers: one key, one effect. A refusal is not recorded, for nothing happened. */
export class Ledger {
  readonly #kept = new Map<string, Kept>();
  readonly #effects: Effect[] = [];

  /** Every effect so far, oldest first; the newest thousand are kept. */
  get effects(): readonly Effect[] {
    return [...this.#effects];
  }

  /** Carries a change out, unless its key says that it has been. */
  carryOut(call: Call, at: number, change: () => Outcome): Answer {
    const operation = call.path.slice(1);
    const { key } = call;
    if (key !== undefined && key.length > keyLength)
      return { status: 400, body: { error: "the idempotency key is too long" } };
    const before = key === undefined ? undefined : this.#kept.get(key);
    if (before && before.operation !== operation) {
      return { status: 422, body: { error: `this idempotency key belongs to ${before.operation}` } };
    }
    if (before) return before.answer;
    const outcome = change();
    if ("refused" in outcome) return { status: outcome.status, body: { error: outcome.refused } };
    const answer = { status: 200, body: { operation, key: key ?? null, ...outcome.told } };
    if (key !== undefined) this.#keep(key, { operation, answer, at });
    if (outcome.tookEffect) this.#record({ operation, key, at });
    return answer;
  }

  /** 200 with what was answered when this key has been carried out; 404 when it never arrived, each naming the key. */
  lookUp(key: string | undefined): Answer {
    const kept = key === undefined ? undefined : this.#kept.get(key);
    if (!kept || key === undefined)
      return { status: 404, body: { error: "no operation with this key", key: key ?? null } };
    const { operation, answer, at } = kept;
    return { status: 200, body: { key, operation, at: new Date(at).toISOString(), answer: answer.body } };
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.set(key, kept);
    if (this.#kept.size <= keptKeys) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }

  #record(effect: Effect): void {
    this.#effects.push(effect);
    if (this.#effects.length > keptKeys) this.#effects.shift();
  }
}
