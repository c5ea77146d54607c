import { z } from "zod";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText } from "../../domain/systems/placeholders.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { TagName } from "./git-ports.ts";
import { branchOfHead, describeHead, isDirty } from "./head.ts";
import { ofRepository, Repository, repositoryName } from "./repository.ts";
import { checkedTag, commitOf, commitOfTag } from "./tags.ts";

const GitRead = z.union([ofRepository({ head: z.strictObject({}) }), ofRepository({ tag: TagName })]);
type GitRead = z.output<typeof GitRead>;

/** A repository as data: what is checked out, or the commit behind a tag. */
export const gitRead: ReadKind = closeReadKind<GitRead>({
  kind: "git",
  schema: GitRead,
  placeholders: (spec) => ("tag" in spec ? argumentsIn(spec.tag).map((name) => ({ name, inAddress: true })) : []),
  resolve: (spec, values) =>
    "tag" in spec ? { ...spec, tag: checkedTag(textOfDatum(fillText(spec.tag, values)) ?? spec.tag) } : spec,
  describe: (spec) => `${"tag" in spec ? `the commit of the tag ${spec.tag}` : "HEAD"} of ${repositoryName(spec)}`,
  read: async (spec, look) => ({ value: await readPart(spec, look) }),
});

/** `current`: the tag's commit is the one that is checked out. */
async function readPart(spec: GitRead, look: Look): Promise<StepValue> {
  const repository = await Repository.open(spec, look);
  if ("tag" in spec) {
    const { commit, madeAt } = await commitOfTag(repository, spec.tag);
    const head = await commitOf(repository, "HEAD", "HEAD");
    return { tag: spec.tag, commit, made: new Date(madeAt * 1_000).toISOString(), current: commit === head.commit };
  }
  const [{ commit, madeAt }, branch, described, dirty] = await Promise.all([
    commitOf(repository, "HEAD", "HEAD"),
    branchOfHead(repository),
    describeHead(repository),
    isDirty(repository),
  ]);
  return { commit, made: new Date(madeAt * 1_000).toISOString(), branch, describe: described, dirty };
}
