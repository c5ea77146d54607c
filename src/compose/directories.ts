import { BackendError } from "../domain/failure.ts";
import type { Directory, Standing, StandingAsked } from "../domain/people/directory.ts";
import { type Account, accountText } from "../domain/people/person.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";

/** A platform that takes longer about people counts as silent for what nothing may hold up. */
const silentAfterMs = 800;
/**
 * One that was silent about an account is not waited for about it again so soon: a stop asks about people when it is accepted
 * and when it starts. About others it is: they may have no right but what the platform says.
 */
const silentForMs = 10_000;
/** What it said so long ago stands in for its answer then; what is remembered is found within a turn of the loop or two. */
const rememberedForMs = 24 * 3_600_000;
const rememberedWithinMs = 50;

/**
 * The directories of the surfaces that have one. Accounts that whoever runs the bot hands out need nobody to vouch for
 * them and are in no group; an account of a platform that is not running is vouched for by nobody.
 */
export class Directories implements Directory {
  readonly #surfaces: readonly SurfaceTraits[];
  readonly #known = new Map<string, Directory>();
  readonly #silentUntil = new Map<string, number>();

  constructor(surfaces: readonly SurfaceTraits[]) {
    this.#surfaces = surfaces;
  }

  add(surface: string, directory: Directory): void {
    this.#known.set(surface, directory);
  }

  standing: Directory["standing"] = async (account, options) => {
    const directory = this.#known.get(account.surface);
    if (directory)
      return options.atOnce ? this.#atOnce(directory, account, options) : directory.standing(account, options);
    const traits = this.#surfaces.find((each) => each.id === account.surface);
    if (!traits) return { ok: false, why: "No surface has such an account.", remedy: "" };
    if (traits.accounts === "given") return { ok: true, groups: [] };
    throw new BackendError(traits.name, {
      fault: "unreachable",
      detail: "is not connected, so nobody there can be asked about",
    });
  };

  async #atOnce(directory: Directory, account: Account, { maxAgeMs }: StandingAsked): Promise<Standing> {
    const about = accountText(account);
    const isSilent = performance.now() < (this.#silentUntil.get(about) ?? 0);
    try {
      return await within(isSilent ? rememberedWithinMs : silentAfterMs, directory.standing(account, { maxAgeMs }));
    } catch {
      if (!isSilent) this.#noteSilence(about);
      return within(rememberedWithinMs, directory.standing(account, { maxAgeMs: rememberedForMs }));
    }
  }

  #noteSilence(about: string): void {
    const now = performance.now();
    for (const [other, until] of this.#silentUntil) if (until <= now) this.#silentUntil.delete(other);
    this.#silentUntil.set(about, now + silentForMs);
  }
}

async function within<Value>(ms: number, asked: Promise<Value>): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      reject(new BackendError("The platform", { fault: "timeout", detail: "did not answer at once about an account" })),
    ms,
  );
  return Promise.race([asked, promise]).finally(() => clearTimeout(timer));
}
