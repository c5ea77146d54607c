import type { PlanPorts } from "../acts/approvals/plan.ts";
import { type Governed, governPolicy } from "../acts/people/govern-policy.ts";
import type { Log } from "../domain/log.ts";
import type { Policy } from "../domain/people/policy.ts";
import type { Store } from "../domain/store.ts";
import { parseProposedPolicy, proposedPolicyKey } from "../records/proposed-policy.ts";

/** How often it is looked whether a request of ours lapsed without a decision. */
const lookEveryMs = 600_000;

interface GuardParts {
  readonly store: Store;
  readonly systems: PlanPorts;
  readonly log: Log;
  /** No other process uses the store, so that no other has files of its own. */
  readonly alone: boolean;
}

/** Has the people and rules of the files come into force by two people, and asks again while nobody has decided. */
export class PolicyGuard {
  readonly #parts: GuardParts;
  #files: Policy | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** Takes what the files say now. `again` asks once more for what was denied. Rejects when the store cannot answer. */
  async take(files: Policy, again: boolean): Promise<void> {
    const { store, systems, alone } = this.#parts;
    const before = this.#files?.revision;
    this.#say(await governPolicy({ store, systems, again, supersedes: alone ? "any" : before }, files));
    this.#files = files;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#looking = this.#look().catch((error: unknown) =>
        this.#parts.log.error("it could not be looked whether people and rules wait", { error }),
      );
    }, lookEveryMs).unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Only what these files asked for: files that are older than what came into force since ask for nothing by themselves. */
  async #look(): Promise<void> {
    const [document] = await this.#parts.store.read([proposedPolicyKey]);
    const files = this.#files;
    if (files && parseProposedPolicy(document)?.policy.revision === files.revision) await this.take(files, false);
  }

  #say(governed: Governed): void {
    const { log } = this.#parts;
    switch (governed.now) {
      case "in-force":
        return;
      case "adopted":
        if (governed.how === "few")
          log.warn("other people and rules came into force without two people: fewer than two could have agreed", {
            changes: governed.changes,
          });
        else log.info("the configured people and rules are in force");
        return;
      case "waits": {
        const words = "the files hold other people and rules than those in force; two people have to agree";
        log[governed.isNew ? "warn" : "debug"](words, { request: governed.request.request.code });
        return;
      }
      case "refused":
        log.warn("the files hold other people and rules than those in force, and nobody is asked to agree to them", {
          why: governed.why,
        });
        return;
      case "denied":
        log.info(
          "the files hold other people and rules than those in force, and they were denied; wardroom reload or SIGHUP asks again",
          {
            request: governed.request.request.code,
          },
        );
    }
  }
}
