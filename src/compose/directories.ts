import { BackendError } from "../domain/failure.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { SurfaceTraits } from "../domain/people/surface.ts";

/**
 * The directories of the surfaces that have one. Accounts that whoever runs the bot hands out need nobody to vouch for
 * them and are in no group; an account of a platform that is not running is vouched for by nobody.
 */
export class Directories implements Directory {
  readonly #surfaces: readonly SurfaceTraits[];
  readonly #known = new Map<string, Directory>();

  constructor(surfaces: readonly SurfaceTraits[]) {
    this.#surfaces = surfaces;
  }

  add(surface: string, directory: Directory): void {
    this.#known.set(surface, directory);
  }

  standing: Directory["standing"] = async (account, options) => {
    const directory = this.#known.get(account.surface);
    if (directory) return directory.standing(account, options);
    const traits = this.#surfaces.find((each) => each.id === account.surface);
    if (!traits) return { ok: false, why: "No surface has such an account.", remedy: "" };
    if (traits.accounts === "given") return { ok: true, groups: [] };
    throw new BackendError(traits.name, {
      fault: "unreachable",
      detail: "is not connected, so nobody there can be asked about",
    });
  };
}
