import { clearTrouble, raiseTrouble } from "../acts/messages/tell-trouble.ts";
import type { Log } from "../domain/log.ts";
import type { ExplainingTroubles, Trouble } from "../domain/messages/trouble.ts";
import type { Policy } from "../domain/people/policy.ts";
import { type SurfaceTraits, surfaceName } from "../domain/people/surface.ts";
import type { Store } from "../domain/store.ts";

/** What lasts is met again at least every half minute; what is not may be over, and explains nothing any more. */
const explainsForMs = 90_000;

/** Tells the operators what they can mend, in their channels and in the log: once while it lasts, in whatever order it comes. */
export class OperatorTroubles implements ExplainingTroubles {
  readonly #store: Store;
  readonly #policyInForce: () => Promise<Policy>;
  readonly #surfaces: readonly SurfaceTraits[];
  readonly #log: Log;
  /** What keeps a surface from hearing, and when that was last noticed. */
  readonly #deafening = new Map<string, { readonly surface: Trouble["surface"]; readonly at: number }>();
  /** What was last said of each, so that a trouble that is reported a thousand times costs the store nothing. */
  readonly #said = new Map<string, string>();
  #last: Promise<void> = Promise.resolve();

  constructor(parts: {
    readonly store: Store;
    readonly policyInForce: () => Promise<Policy>;
    readonly surfaces: readonly SurfaceTraits[];
    readonly log: Log;
  }) {
    this.#surfaces = parts.surfaces;
    this.#store = parts.store;
    this.#policyInForce = parts.policyInForce;
    this.#log = parts.log;
  }

  raise(trouble: Trouble): void {
    const words = `${trouble.what} ${trouble.remedy}`;
    if (trouble.deafens) this.#deafening.set(trouble.id, { surface: trouble.surface, at: performance.now() });
    else this.#deafening.delete(trouble.id);
    if (this.#said.get(trouble.id) === words) return;
    this.#said.set(trouble.id, words);
    this.#log.error("something keeps the bot from its work", {
      trouble: trouble.id,
      what: trouble.what,
      remedy: trouble.remedy,
    });
    this.#next(async () => {
      const { channels } = await this.#policyInForce();
      const places = channels
        .filter((channel) => channel.operator && !(trouble.silences && channel.surface === trouble.surface))
        .map(({ surface, channel }) => ({ surface, channel }));
      await raiseTrouble(
        this.#store,
        { ...trouble, surfaceName: trouble.surface ? surfaceName(this.#surfaces, trouble.surface) : "its records" },
        places,
      );
    });
  }

  explains(surface: Trouble["surface"]): boolean {
    const since = performance.now() - explainsForMs;
    return [...this.#deafening.values()].some((each) => each.surface === surface && each.at > since);
  }

  clear(id: string): void {
    this.#deafening.delete(id);
    // Said as "over" also when this process never raised it: another may have, before it died.
    if (this.#said.get(id) === "") return;
    this.#said.set(id, "");
    this.#next(async () => {
      if (await clearTrouble(this.#store, id)) this.#log.info("a trouble is over", { trouble: id });
    });
  }

  /** Waits until everything said so far is on record. */
  async settled(): Promise<void> {
    await this.#last;
  }

  #next(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => {
      this.#log.error("a trouble could not be told", { error });
      // It is told again when it is raised again.
      this.#said.clear();
    });
  }
}
