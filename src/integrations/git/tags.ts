import { UserError } from "../../domain/failure.ts";
import type { ListEntry } from "../../domain/systems/lists.ts";
import { inert } from "../../domain/text/inert.ts";
import { oneLine } from "../../domain/text/quantities.ts";
import { hidesSecret, redact } from "../../domain/text/redact.ts";
import type { Repository } from "./repository.ts";

/** A commit and the moment it was made, in seconds since 1970. */
export interface GitCommit {
  readonly commit: string;
  readonly madeAt: number;
}

/** More are no list that somebody picks from. */
const mostTags = 1_000;
/** Letters of a commit that are shown beside a tag. */
const shownLetters = 12;
const longestLabel = 100;

/**
 * The tags whose names begin as `prefix` says, newest first, each with its commit, its day and the first line of its message.
 * Tags of no commit, and names that cannot be told from others by looking at them, are left out. Throws BackendError.
 */
export async function listTags(repository: Repository, prefix: string): Promise<readonly ListEntry[]> {
  const text = await repository.ask([
    "for-each-ref",
    "--sort=-version:refname",
    "--sort=-creatordate",
    "--format=%(refname)%00%(creatordate:short)%00%(contents:subject)",
    "refs/tags/",
  ]);
  const named = text.split("\n").flatMap((line) => {
    const [ref = "", day = "", subject = ""] = line.split("\0");
    const name = ref.slice("refs/tags/".length);
    return name.startsWith(prefix) && isPlainName(name) ? [{ name, day, subject }] : [];
  });
  const tags = named.slice(0, mostTags);
  const commits = await commitsOf(
    repository,
    tags.map(({ name }) => name),
  );
  return tags.flatMap(({ name, day, subject }, at) => {
    const commit = commits[at];
    if (commit === undefined) return [];
    const said = oneLine(inert(oneLine(redact(subject))));
    const label = [commit.slice(0, shownLetters), day, said].filter((each) => each !== "").join(" · ");
    return [{ value: name, label: label.length > longestLabel ? `${label.slice(0, longestLabel)}…` : label }];
  });
}

/** The commit behind each tag, also behind a tag of a tag; undefined for one of no commit. */
async function commitsOf(repository: Repository, names: readonly string[]): Promise<(string | undefined)[]> {
  if (names.length === 0) return [];
  const asked = names.map((name) => `refs/tags/${name}^{commit}\n`).join("");
  const text = await repository.ask(["cat-file", "--batch-check=%(objecttype) %(objectname)"], asked);
  const lines = text.trimEnd().split("\n");
  if (lines.length !== names.length) throw repository.error("nonsense", "git told of other tags than it was asked for");
  return lines.map((line) => /^commit ([0-9a-f]{40,64})$/.exec(line)?.[1]);
}

/** The commit behind a tag. Throws BackendError, also for one that is not there or is of no commit. */
export async function commitOfTag(repository: Repository, name: string): Promise<GitCommit> {
  if (!isPlainName(name)) throw repository.error("missing", "no tag is named so");
  // The whole name of the tag: a short one might also be a branch, or say how to go on from it.
  const found = await repository.answer(["show-ref", "--verify", "--hash", "--", `refs/tags/${name}`]);
  if (/not a valid ref/.test(found.said)) throw repository.error("missing", `has no tag ${name}`);
  const object = found.text.trim();
  if (found.code !== 0 || !/^[0-9a-f]{40,64}$/.test(object))
    throw repository.error("broken", found.said || `git does not tell what ${name} is`);
  return commitOf(repository, object, `the tag ${name}`);
}

/** The commit behind HEAD or an object. Throws BackendError. */
export async function commitOf(repository: Repository, object: string, what: string): Promise<GitCommit> {
  const { code, text, said } = await repository.answer([
    "rev-list",
    "--max-count=1",
    "--format=%ct",
    "--end-of-options",
    `${object}^{commit}`,
    "--",
  ]);
  if (code !== 0) throw repository.error("missing", `${what} leads to no commit: ${said}`);
  const [, commit = "", seconds = ""] = /^commit ([0-9a-f]{40,64})\n(\d+)\n$/.exec(text) ?? [];
  if (commit === "") throw repository.error("nonsense", `git told of no commit behind ${what}`);
  return { commit, madeAt: Number(seconds) };
}

/** A name as git takes one, of nothing but what is seen and is no secret. */
function isPlainName(name: string): boolean {
  const isName = name !== "" && name.length <= 200 && !/[\s~^:?*[\\\p{Cc}]|\.\.|@\{|\/\/|^\/|\/$|\.$/u.test(name);
  return isName && inert(name) === name && !name.includes("\uFFFD") && !hidesSecret(name);
}

/** The name as it was typed. Throws UserError for what no tag is named. */
export function checkedTag(name: string): string {
  if (isPlainName(name)) return name;
  throw new UserError(
    `${inert(redact(name)).slice(0, 200)} is no name of a tag, so nothing was planned.`,
    "Pick a tag from the list.",
  );
}
