import { BackendError } from "../domain/failure.ts";
import type { Directory } from "../domain/people/directory.ts";
import type { Surface } from "../domain/people/person.ts";

/**
 * The directories of the surfaces that have one. The console and the terminal know their accounts themselves and have no
 * groups; an account of a chat platform that is not running is vouched for by nobody.
 */
export class Directories implements Directory {
  readonly #known = new Map<Surface, Directory>();

  add(surface: Surface, directory: Directory): void {
    this.#known.set(surface, directory);
  }

  standing: Directory["standing"] = async (account, options) => {
    const directory = this.#known.get(account.surface);
    if (directory) return directory.standing(account, options);
    if (account.surface === "console" || account.surface === "terminal") return { ok: true, groups: [] };
    throw new BackendError(account.surface, {
      fault: "unreachable",
      detail: "is not connected, so nobody there can be asked about",
    });
  };
}
