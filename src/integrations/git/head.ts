import type { Repository } from "./repository.ts";

/** What `git describe` says of HEAD: the nearest tag, and how far HEAD is from it. Throws BackendError. */
export async function describeHead(repository: Repository): Promise<string> {
  return (await repository.ask(["describe", "--tags", "--always", "--abbrev=12", "HEAD"])).trim();
}

/** The branch that is checked out; null where none is. Throws BackendError. */
export async function branchOfHead(repository: Repository): Promise<string | null> {
  const { code, text, said } = await repository.answer(["symbolic-ref", "--quiet", "--short", "HEAD"]);
  if (code === 1) return null;
  if (code !== 0) throw repository.error("broken", said);
  return text.trim();
}

/**
 * Does a file that git keeps differ from HEAD? Files that git does not know, and what is changed inside a submodule, do not count.
 * Throws BackendError, also where git would run a program of the repository's configuration to find out.
 */
export async function isDirty(repository: Repository): Promise<boolean> {
  const filters = await repository.answer(["config", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|process)$"]);
  if (filters.code === 0)
    throw repository.error(
      "refused",
      "its configuration names filters, which git would run to tell whether the tree is clean, so it was not asked",
    );
  if (filters.code !== 1) throw repository.error("broken", filters.said);
  const status = ["status", "--porcelain=v1", "-z", "--untracked-files=no", "--ignore-submodules=dirty"];
  return (await repository.ask(status)) !== "";
}
