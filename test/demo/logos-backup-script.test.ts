import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "./rig.ts";

const script = join(import.meta.dirname, "../../demo/logos/project/backup.sh");
const pinned = `registry.example/gui@sha256:${"a".repeat(64)}`;

/** Fetches what a backup names, by an engine that answers so; `pulled` is whether it was asked for anything. */
async function fetched(engine: { readonly images?: string; readonly warns?: string; readonly here?: boolean }) {
  const folder = await temporaryFolder();
  const at = (name: string) => join(folder, name);
  for (const name of ["config", "home", "tmp"]) mkdirSync(at(name));
  const files = ["docker-compose.yml", "docker-compose.prod.yml", ".env"];
  for (const name of files) writeFileSync(at(name), `of then: ${name}\n`);
  spawnSync("tar", ["-czf", at("config/then.tar.gz"), "-C", folder, ...files]);
  const { images, warns = "", here = false } = engine;
  const docker = `#!/bin/sh
case "$*" in
  *" config --images") echo '${warns}' >&2; ${images === undefined ? "exit 15" : `echo '${images}'`} ;;
  "image inspect "*) ${here ? "exit 0" : "exit 1"} ;;
  *" pull") echo "$*" >> '${at("pulled")}' ;;
esac
`;
  writeFileSync(at("docker"), docker, { mode: 0o755 });
  const { status, stderr } = spawnSync("sh", [script, "fetch", "then.tar.gz"], {
    cwd: at("home"),
    env: { PATH: process.env["PATH"], BACKUPS: folder, DOCKER: at("docker"), TMPDIR: at("tmp") },
    encoding: "utf8",
  });
  // What it unpacked holds secrets, and the stack's own folder is as it was.
  expect([readdirSync(at("tmp")), readdirSync(at("home"))]).toEqual([[], []]);
  return { status, stderr, pulled: existsSync(at("pulled")) ? readFileSync(at("pulled"), "utf8") : "" };
}

it("what the files of a backup name is fetched by these files, where it is not here by its digest", async () => {
  expect(await fetched({ images: pinned })).toMatchObject({
    status: 0,
    pulled: expect.stringMatching(/\.env .* pull/),
  });
  expect(await fetched({ images: pinned, here: true })).toMatchObject({ status: 0, pulled: "" });
  // What a tag names may be another one by now.
  expect((await fetched({ images: "registry.example/gui:1", here: true })).pulled).toContain("pull");
});

it("files that compose does not take, or would take with a blank, are refused before anything is fetched", async () => {
  const wrong = await fetched({ warns: "yaml: line 3: mapping values are not allowed" });
  expect(wrong).toEqual({ status: 1, stderr: expect.stringContaining("yaml: line 3"), pulled: "" });
  const blank = await fetched({
    images: pinned,
    warns: 'The "GUI_PORT" variable is not set. Defaulting to a blank string.',
  });
  expect(blank).toEqual({ status: 2, stderr: expect.stringMatching(/GUI_PORT[^]*name what nothing sets/), pulled: "" });
});
