import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readKindsOf, serving } from "../../../src/domain/systems/backend.ts";
import type { ListEntry } from "../../../src/domain/systems/lists.ts";
import type { PlanValues } from "../../../src/domain/systems/placeholders.ts";
import type { Reading } from "../../../src/domain/systems/reading.ts";
import { readKindOf } from "../../../src/domain/systems/reads.ts";
import { take } from "../../../src/integrations/wire/reading.ts";
import { backends, OperationFile, planner } from "../../fakes/backends.ts";
import { scriptFolder } from "../process/scripts.ts";

/** A real repository with one commit on `main`. */
function repository() {
  const { cwd, write } = scriptFolder();
  let minute = 10;
  const git = (...args: readonly string[]): string => {
    minute += 1;
    const date = `2026-11-20T03:${minute}:00Z`;
    const env = {
      PATH: process.env["PATH"],
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    };
    const who = ["-c", "user.name=ana", "-c", "user.email=ana@example.org"];
    return execFileSync("git", [...who, ...args], {
      cwd,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  };
  const commit = (text: string): string => {
    write("app.txt", text, 0o644);
    git("add", "app.txt");
    git("commit", "-qm", text);
    return git("rev-parse", "HEAD");
  };
  git("init", "-qb", "main");
  return { folder: cwd, write, git, commit, first: commit("first") };
}

type Place = { readonly folder: string; readonly program?: string };

function place({ folder, program }: Place): Place {
  return { folder, ...(program !== undefined && { program }) };
}

function valueOf<Value>(reading: Reading<Value> | undefined, folder: string): Value | string | undefined {
  return reading?.ok ? reading.value : reading?.detail.replace(folder, "repo");
}

/** Longer than anybody waits, so that a busy machine changes nothing. */
const look = { system: "logos", deadlineMs: 30_000, round: {} };

async function tagsOf(of: Place, tags: { readonly prefix?: string } = {}) {
  const spec = { git: { ...place(of), tags } };
  return valueOf(await take(async () => serving(backends, "git", "list").read(spec, look)), of.folder);
}

async function listed(of: Place): Promise<readonly ListEntry[]> {
  const tags = await tagsOf(of);
  if (tags === undefined || typeof tags === "string") throw new Error(tags);
  return tags;
}

async function factOf(of: Place, asked: object) {
  const spec = { git: { ...place(of), ...asked } };
  return valueOf(await take(async () => serving(backends, "git", "fact").read(spec, look)), of.folder);
}

/** What a plan would read, with the tag that was asked for in its place. */
function planned(of: Place, asked: object, values: PlanValues = {}) {
  const operation = OperationFile.parse({
    summary: "Roll back",
    risk: "change",
    arguments: { tag: { type: "text", title: "Tag" } },
    read: { it: { git: { ...place(of), ...asked } } },
    steps: [{ id: "s", title: "S", note: "done" }],
  });
  const { it: read } = planner.reads(operation, { tag: "v1", ...values });
  if (!read) throw new Error("nothing is read");
  return read;
}

async function readOf(of: Place, asked: object, values: PlanValues = {}) {
  const read = planned(of, asked, values);
  return valueOf(await take(async () => readKindOf(readKindsOf(backends), read).read(read.spec, look)), of.folder);
}

describe("the tags of a repository", () => {
  it("are listed newest first, each with the commit behind it, also where it is a tag of a tag", async () => {
    const repo = repository();
    repo.git("tag", "v1.0.0");
    const second = repo.commit("second");
    repo.git("tag", "-am", "Release 1.1\n\nlong", "v1.1.0");
    repo.git("tag", "-am", "Stable", "stable/one", "v1.1.0");
    repo.git("tag", "-a", "-m", "tree", "no-commit", "HEAD^{tree}");
    expect(await tagsOf(repo)).toEqual([
      { value: "stable/one", label: `${second.slice(0, 12)} · 2026-11-20 · Stable` },
      { value: "v1.1.0", label: `${second.slice(0, 12)} · 2026-11-20 · Release 1.1` },
      { value: "v1.0.0", label: `${repo.first.slice(0, 12)} · 2026-11-20 · first` },
    ]);
    expect(await tagsOf(repo, { prefix: "v1.0" })).toMatchObject([{ value: "v1.0.0" }]);
    expect(await factOf(repo, { tag: "stable/one" })).toBe(second);
    expect(await factOf(repo, { tag: "no-commit" })).toMatch(/^git repo: the tag no-commit leads to no commit: /);
  });

  it("are none only where the repository has none", async () => {
    expect(await tagsOf(repository())).toEqual([]);
    expect(await tagsOf({ folder: scriptFolder().cwd })).toBe(
      "git repo: is no repository of git: correct its folder, or clone it there",
    );
  });

  it("show a message without control characters, colours and secrets", async () => {
    const repo = repository();
    repo.git("tag", "-am", "\u001B[31mred\u001B[0m \u202Eevil\u0007 password=tulip-Value-0123456789", "v1");
    const [tag] = await listed(repo);
    expect(tag).toMatchObject({ value: "v1" });
    expect(JSON.stringify(tag)).toContain("red evil⟨U+0007⟩ password=[redacted]");
  });

  it("may be named oddly, and are left out where nobody could tell them apart", async () => {
    const repo = repository();
    const odd = ["-x", "--help", 'a"b$(touch${IFS}x);c', "ümlaut", "v1{x}", "main"];
    for (const name of [...odd, "v1\u200B", "a\u202Eb", "ghp_0123456789abcdefghijABCDEFGHIJ012345"])
      repo.git("update-ref", `refs/tags/${name}`, repo.first);
    expect(new Set((await listed(repo)).map(({ value }) => value))).toEqual(new Set(odd));
    for (const tag of odd)
      expect(await readOf(repo, { tag: "{tag}" }, { tag })).toMatchObject({ tag, commit: repo.first });
    expect(existsSync(join(repo.folder, "x"))).toBe(false);
  });
});

describe("a tag in a plan", () => {
  it("names its commit, and says whether it is the one that is checked out", async () => {
    const repo = repository();
    repo.git("tag", "-am", "One", "v1");
    repo.commit("second");
    // A branch of the same name, and one whose short name is the tag's whole name, are not what was asked for.
    repo.git("branch", "v1");
    repo.git("update-ref", "refs/heads/refs/tags/v2", "HEAD");
    repo.git("tag", "v3");
    expect(planned(repo, { tag: "{tag}" }).description).toBe(`the commit of the tag v1 of git ${repo.folder}`);
    expect(await readOf(repo, { tag: "{tag}" })).toEqual({
      tag: "v1",
      commit: repo.first,
      made: "2026-11-20T03:13:00.000Z",
      current: false,
    });
    expect(await readOf(repo, { tag: "{tag}" }, { tag: "v3" })).toMatchObject({ current: true });
    expect(await readOf(repo, { tag: "{tag}" }, { tag: "v2" })).toBe("git repo: has no tag v2");
    expect(await readOf(repo, { tag: "{tag}" }, { tag: "-x" })).toBe("git repo: has no tag -x");
  });

  it.each(["v1~1", "v1^{tree}", "v1:app.txt", "@{-1}", "a..b", "a b", "a\nb", "v1\u200B", "../heads/main"])(
    "is none where %j was typed",
    (tag) => {
      expect(() => planned({ folder: "/opt/logos" }, { tag: "{tag}" }, { tag })).toThrow("is no name of a tag");
    },
  );
});

describe("a file of JSON at a tag", () => {
  it("is read as it was there, whatever is checked out", async () => {
    const repo = repository();
    mkdirSync(join(repo.folder, "deploy"));
    repo.write("deploy/images.json", '{"gateway": "g@1", "id": 12345678901234567890}', 0o644);
    repo.git("add", "deploy");
    const released = repo.commit("release");
    repo.git("tag", "v1");
    repo.write("deploy/images.json", "by hand", 0o644);
    const read = { tag: "{tag}", json: "deploy/images.json" };
    expect(planned(repo, read).description).toBe(`deploy/images.json at the tag v1 of git ${repo.folder}`);
    const found = await readOf(repo, read);
    expect(found).toMatchObject({ commit: released, json: { gateway: "g@1" } });
    expect(JSON.stringify(found)).toContain("12345678901234567890");
  });

  it("is unknown where it is missing, is none, or holds no JSON", async () => {
    const repo = repository();
    symlinkSync("/etc/hostname", join(repo.folder, "link.json"));
    repo.write("large.json", `"${"x".repeat(70_000)}"`, 0o644);
    mkdirSync(join(repo.folder, "folder"));
    repo.write("folder/a", "", 0o644);
    repo.git("add", ".");
    const commit = repo.commit("second").slice(0, 12);
    repo.git("tag", "v1");
    const told = (json: string) => readOf(repo, { tag: "{tag}", json });
    expect(await told("gone.json")).toBe(`git repo: has no gone.json at ${commit}`);
    expect(await told("app.txt")).toBe(`git repo: app.txt at ${commit} is no JSON`);
    expect(await told("large.json")).toBe(`git repo: large.json at ${commit} is larger than 64 KiB`);
    for (const each of ["link.json", "folder"])
      expect(await told(each)).toBe(`git repo: ${each} at ${commit} is no file`);
    for (const each of ["../app.txt", "/etc/passwd", "a:b"])
      expect(() => planned(repo, { tag: "v1", json: each })).toThrow("a file from the top of the repository");
  });
});

describe("what is checked out", () => {
  it("is told with its branch, its nearest tag and whether it was changed by hand", async () => {
    const repo = repository();
    repo.git("tag", "v1");
    const second = repo.commit("second");
    const clean = { commit: second, branch: "main", describe: `v1-1-g${second.slice(0, 12)}`, dirty: false };
    expect(await readOf(repo, { head: {} })).toMatchObject(clean);
    repo.write("unknown.txt", "no part of it");
    expect(await readOf(repo, { head: {} })).toMatchObject(clean);
    repo.write("app.txt", "by hand", 0o644);
    expect(await readOf(repo, { head: {} })).toMatchObject({ ...clean, dirty: true });
    expect(await factOf(repo, { head: "tree" })).toBe("dirty");
    repo.git("checkout", "-qf", "v1");
    expect(await factOf(repo, { head: "tree" })).toBe("clean");
    expect(await factOf(repo, { head: "commit" })).toBe(repo.first);
    expect(await factOf(repo, { head: "branch" })).toBe("none");
    expect(await factOf(repo, { head: "describe" })).toBe("v1");
    expect(await readOf(repo, { head: {} })).toMatchObject({ branch: null });
  });

  it("is unknown without a commit, a repository, a folder or git", async () => {
    const { cwd, write } = scriptFolder();
    const repo = repository();
    repo.git("checkout", "-q", "--orphan", "fresh");
    expect(await factOf(repo, { head: "commit" })).toMatch(/^git repo: HEAD leads to no commit: /);
    // One inside of a repository is none itself.
    mkdirSync(join(repo.folder, "inside"));
    for (const folder of [cwd, join(repo.folder, "inside")])
      expect(await factOf({ folder }, { head: "commit" })).toMatch(/is no repository of git/);
    expect(await factOf({ folder: join(cwd, "gone") }, { head: "commit" })).toMatch(/the folder is not there/);
    expect(await factOf({ folder: repo.folder, program: "/no/such/git" }, { head: "commit" })).toBe(
      "git repo: git was not started: /no/such/git is not there: install it, or correct the path",
    );
    const broken = write("git", "#!/bin/sh\necho 'fatal: token=tulip-Value-0123456789' >&2\nexit 128\n");
    expect(await tagsOf({ folder: cwd, program: broken })).toBe("git repo: token=[redacted]");
    const much = write("much", `#!${process.execPath}\nprocess.stdout.write("x".repeat(10 << 20));\n`);
    expect(await tagsOf({ folder: cwd, program: much })).toBe("git repo: git wrote more than 8 MiB");
  });

  it("is read without running anything that the repository names, and without writing into it", async () => {
    const repo = repository();
    const { cwd, write } = scriptFolder();
    const run = write("run.sh", `#!/bin/sh\ntouch ${join(cwd, "ran")}\ncat\n`);
    repo.git("config", "core.fsmonitor", run);
    repo.git("config", "core.pager", run);
    repo.git("config", "core.hooksPath", cwd);
    repo.git("config", "alias.status", `!${run}`);
    write("post-index-change", `#!/bin/sh\ntouch ${join(cwd, "ran")}\n`);
    expect(await readOf(repo, { head: {} })).toMatchObject({ dirty: false });
    repo.git("config", "filter.x.clean", run);
    repo.write(".gitattributes", "* filter=x\n", 0o644);
    repo.write("app.txt", "FIRST", 0o644);
    expect(await factOf(repo, { head: "tree" })).toMatch(/its configuration names filters, which git would run/);
    expect(await factOf(repo, { head: "commit" })).toBe(repo.first);
    expect(existsSync(join(cwd, "ran"))).toBe(false);
  });

  it("is found behind a link to its folder", async () => {
    const repo = repository();
    const { cwd } = scriptFolder();
    symlinkSync(repo.folder, join(cwd, "link"));
    expect(await factOf({ folder: join(cwd, "link") }, { head: "commit" })).toBe(repo.first);
  });
});
