import { z } from "zod";
import { textOfDatum } from "../../domain/systems/exact.ts";
import { argumentsIn, fillText } from "../../domain/systems/placeholders.ts";
import type { Look } from "../../domain/systems/reading.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { TagName } from "./git-ports.ts";
import { branchOfHead, describeHead, isDirty } from "./head.ts";
import { JsonFile, jsonAt } from "./json-file.ts";
import { ofRepository, Repository, repositoryName } from "./repository.ts";
import { checkedTag, commitOf, commitOfTag } from "./tags.ts";

const GitRead = z.union([
  ofRepository({ head: z.strictObject({}) }),
  /** With `json` also what a file of JSON holds at that commit, whatever is checked out. */
  ofRepository({ tag: TagName, json: JsonFile.optional() }),
]);
type GitRead = z.output<typeof GitRead>;

/** A repository as data: what is checked out, or the commit behind a tag with what a file of it holds. */
export const gitRead: ReadKind = closeReadKind<GitRead>({
  kind: "git",
  schema: GitRead,
  placeholders: (spec) => ("tag" in spec ? argumentsIn(spec.tag).map((name) => ({ name, inAddress: true })) : []),
  resolve: (spec, values) =>
    "tag" in spec ? { ...spec, tag: checkedTag(textOfDatum(fillText(spec.tag, values)) ?? spec.tag) } : spec,
  describe: (spec) => `${words(spec)} of ${repositoryName(spec)}`,
  read: async (spec, look) => ({ value: await readPart(spec, look) }),
});

function words(spec: GitRead): string {
  if (!("tag" in spec)) return "HEAD";
  return spec.json === undefined ? `the commit of the tag ${spec.tag}` : `${spec.json} at the tag ${spec.tag}`;
}

/** `current`: the tag's commit is the one that is checked out. */
async function readPart(spec: GitRead, look: Look): Promise<StepValue> {
  const repository = await Repository.open(spec, look);
  if ("tag" in spec) {
    const { commit, madeAt } = await commitOfTag(repository, spec.tag);
    const head = await commitOf(repository, "HEAD", "HEAD");
    const found = {
      tag: spec.tag,
      commit,
      made: new Date(madeAt * 1_000).toISOString(),
      current: commit === head.commit,
    };
    return spec.json === undefined ? found : { ...found, json: await jsonAt(repository, commit, spec.json) };
  }
  const [{ commit, madeAt }, branch, described, dirty] = await Promise.all([
    commitOf(repository, "HEAD", "HEAD"),
    branchOfHead(repository),
    describeHead(repository),
    isDirty(repository),
  ]);
  return { commit, made: new Date(madeAt * 1_000).toISOString(), branch, describe: described, dirty };
}
