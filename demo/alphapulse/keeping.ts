import type { Outcome } from "./ledger.ts";

/** What runs beside the trading itself, as the compose file names it. */
const names = ["data-feed", "model-server", "risk-manager", "redis"] as const;
const restartMs = 1_500;

/** The services that can be restarted. */
export class Keeping {
  readonly #now: () => number;
  readonly #restartedAt = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  services(): readonly { readonly name: string; readonly state: "running" | "restarting" }[] {
    return names.map((name) => {
      const since = this.#now() - (this.#restartedAt.get(name) ?? Number.NEGATIVE_INFINITY);
      return { name, state: since < restartMs ? "restarting" : "running" };
    });
  }

  restart(name: string): Outcome {
    if (!this.services().some((each) => each.name === name))
      return { refused: `there is no service ${name}`, status: 409 };
    this.#restartedAt.set(name, this.#now());
    return { tookEffect: true, told: { status: "restarting", service: name } };
  }
}
