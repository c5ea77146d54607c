import type { Outcome } from "./ledger.ts";

/** What runs beside the trading itself, as the compose file names it. */
const names = ["data-feed", "model-server", "risk-manager", "redis"] as const;
const restartMs = 1_500;
const dayMs = 86_400_000;

interface Backup {
  readonly id: string;
  readonly kind: "daily" | "weekly";
  readonly made_at: string;
}

/** The services that can be restarted and the backups that can be restored. */
export class Keeping {
  readonly #now: () => number;
  readonly #restartedAt = new Map<string, number>();
  #restored: string | null = null;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The backup that was restored last; null when none was. */
  get restored(): string | null {
    return this.#restored;
  }

  services(): readonly { readonly name: string; readonly state: "running" | "restarting" }[] {
    return names.map((name) => {
      const since = this.#now() - (this.#restartedAt.get(name) ?? Number.NEGATIVE_INFINITY);
      return { name, state: since < restartMs ? "restarting" : "running" };
    });
  }

  /** Made at 02:00 UTC, the last seven days, and on the four Sundays before. */
  backups(): readonly Backup[] {
    const today = Math.floor(this.#now() / dayMs) * dayMs + 2 * 3_600_000;
    const newest = today > this.#now() ? today - dayMs : today;
    const daily = Array.from({ length: 7 }, (_, back) => backupAt(newest - back * dayMs, "daily"));
    const sunday = newest - new Date(newest).getUTCDay() * dayMs;
    const weekly = Array.from({ length: 4 }, (_, back) => backupAt(sunday - back * 7 * dayMs, "weekly"));
    return [...daily, ...weekly];
  }

  restart(name: string): Outcome {
    if (!this.services().some((each) => each.name === name))
      return { refused: `there is no service ${name}`, status: 409 };
    this.#restartedAt.set(name, this.#now());
    return { tookEffect: true, told: { status: "restarting", service: name } };
  }

  restore(id: string): Outcome {
    if (!this.backups().some((each) => each.id === id)) return { refused: `there is no backup ${id}`, status: 409 };
    this.#restored = id;
    return { tookEffect: true, told: { status: "restored", backup: id } };
  }
}

function backupAt(at: number, kind: Backup["kind"]): Backup {
  const made = new Date(at).toISOString();
  return { id: `${kind}-${made.slice(0, 10)}`, kind, made_at: made };
}
