import { z } from "zod";
import type { ListEntry } from "../../domain/systems/lists.ts";
import { argumentsIn } from "../../domain/systems/placeholders.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { inert } from "../../domain/text/inert.ts";
import { branchOfHead, describeHead, isDirty } from "./head.ts";
import { ofRepository, Repository } from "./repository.ts";
import { commitOf, commitOfTag, listTags } from "./tags.ts";

/** The name of a tag, without `refs/tags/`. */
export const TagName = z.string().min(1).max(200);
const Nothing = z.strictObject({});

export const GitFact = z.strictObject({
  git: z.union([
    /** Of HEAD: its commit, its branch, `git describe`, or whether the tree is `clean` or `dirty`. */
    ofRepository({ head: z.enum(["commit", "branch", "describe", "tree"]) }),
    /** The commit behind a tag. */
    ofRepository({ tag: TagName.refine((name) => argumentsIn(name).length === 0, "a fact has no arguments") }),
  ]),
});

/** Throws BackendError. */
export async function repositoryFact({ git }: z.output<typeof GitFact>, look: Look): Promise<Taken<string>> {
  const repository = await Repository.open(git, look);
  if ("tag" in git) return { value: (await commitOfTag(repository, git.tag)).commit };
  switch (git.head) {
    case "commit":
      return { value: (await commitOf(repository, "HEAD", "HEAD")).commit };
    case "branch":
      return { value: inert((await branchOfHead(repository)) ?? "none") };
    case "describe":
      return { value: inert(await describeHead(repository)) };
    case "tree":
      return { value: (await isDirty(repository)) ? "dirty" : "clean" };
  }
}

export const GitList = z.strictObject({
  git: ofRepository({
    tags: Nothing.extend({
      /** Only tags whose names begin so, as `v`. */
      prefix: z.string().max(100).default(""),
    }),
  }),
});

/** The tags of a repository, newest first. Throws BackendError. */
export async function repositoryTags(
  { git }: z.output<typeof GitList>,
  look: Look,
): Promise<Taken<readonly ListEntry[]>> {
  return { value: await listTags(await Repository.open(git, look), git.tags.prefix) };
}
