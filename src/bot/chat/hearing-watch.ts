import { deafTrouble, type ExplainingTroubles, lateTrouble } from "../../domain/messages/trouble.ts";
import type { Meter } from "../../domain/meter.ts";
import type { ChatSurface } from "../surface.ts";

/** A platform that does not hear for so long is told about where people still listen. Restarts and hiccups are shorter. */
const deafAfterMs = 15_000;

/** Notices when a platform has not heard for a while, and when it hears again. */
export class HearingWatch {
  readonly name: string;
  readonly #surface: ChatSurface;
  readonly #troubles: ExplainingTroubles;
  readonly #meter: Meter;
  #deafSince: number | undefined;
  /** Since when no trouble that was told accounts for it: a platform that is back needs a moment to be heard again. */
  #unexplainedSince: number | undefined;
  #hasHeard = false;

  constructor(parts: {
    readonly surface: ChatSurface;
    /** What people call the platform. */
    readonly name: string;
    readonly troubles: ExplainingTroubles;
    readonly meter: Meter;
  }) {
    this.name = parts.name;
    this.#surface = parts.surface;
    this.#troubles = parts.troubles;
    this.#meter = parts.meter;
  }

  look(): void {
    const { surface } = this.#surface.courier;
    const why = this.#surface.deaf();
    this.#meter.gauge("wardroom_surface_hears", why === undefined ? 1 : 0, { surface });
    if (why === undefined) {
      this.#deafSince = undefined;
      this.#unexplainedSince = undefined;
      this.#hasHeard = true;
      this.#troubles.clear(deafTrouble(surface));
      this.#lookAtCanary();
      return;
    }
    const now = performance.now();
    this.#deafSince ??= now;
    // One cause is told once.
    this.#unexplainedSince = this.#troubles.explains(surface) ? undefined : (this.#unexplainedSince ?? now);
    if (this.#unexplainedSince === undefined || now - this.#unexplainedSince < deafAfterMs) return;
    this.#troubles.raise({
      id: deafTrouble(surface),
      surface,
      what: `Nothing that is said on ${this.name} reaches Wardroom: ${why}`,
      remedy: `Ask elsewhere until this message says that it is over. If it lasts, run: npx --no wardroom doctor`,
    });
  }

  /** Where nobody is heard, that is told already. */
  #lookAtCanary(): void {
    const { surface } = this.#surface.courier;
    const late = this.#surface.late?.();
    if (late === undefined) return this.#troubles.clear(lateTrouble(surface));
    this.#troubles.raise({
      id: lateTrouble(surface),
      surface,
      what: `What Wardroom says on ${this.name} is late or does not arrive: ${late}.`,
      remedy:
        "Look for alerts and approvals elsewhere until this message says that it is over, and run: npx --no wardroom doctor",
    });
  }

  /** Undefined for a short loss, which mends itself; what has not heard yet since the start is not a loss. */
  deaf(): string | undefined {
    const why = this.#surface.deaf();
    if (why === undefined) {
      this.#hasHeard = true;
      return undefined;
    }
    const since = this.#deafSince ?? performance.now();
    return this.#hasHeard && performance.now() - since < deafAfterMs ? undefined : why;
  }
}
