import { z } from "zod";
import { parseExactly } from "../../domain/systems/exact.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import type { Repository } from "./repository.ts";

/** A file of a repository, from its top. */
export const JsonFile = z
  .string()
  .max(200)
  .regex(/^[\w-][\w.-]*(?:\/[\w-][\w.-]*)*$/, "a file from the top of the repository, as deploy/images.json");

/** In bytes; no plan could hold more. */
const largestFile = 65_536;

/**
 * What a file of JSON holds at a commit, numbers with all their digits. Throws BackendError for one that is not there, is no file,
 * no JSON, or too large.
 */
export async function jsonAt(repository: Repository, commit: string, path: string): Promise<StepValue> {
  const where = `${path} at ${commit.slice(0, 12)}`;
  const entry = await repository.ask(["ls-tree", "-z", "--long", commit, "--", path]);
  const [, mode = "", type = "", size = ""] = /^(\d{6}) (\w+) [0-9a-f]{40,64} +(-|\d+)\t/.exec(entry) ?? [];
  if (type === "") throw repository.error("missing", `has no ${where}`);
  // A link is a blob as well, and holds nothing but where it leads.
  if (type !== "blob" || mode === "120000") throw repository.error("nonsense", `${where} is no file`);
  if (Number(size) > largestFile) throw repository.error("nonsense", `${where} is larger than 64 KiB`);
  const text = await repository.ask(["cat-file", "blob", `${commit}:${path}`]);
  try {
    return z.json().parse(parseExactly(text));
  } catch {
    throw repository.error("nonsense", `${where} is no JSON`);
  }
}
