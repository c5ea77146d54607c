import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runTool } from "./tool.ts";

/** Each service with the variable of `.env` that names its image. */
const imageKeys = {
  gateway: "GATEWAY_IMAGE",
  "pxl-core": "PXL_CORE_IMAGE",
  "overlay-chrono": "OVERLAY_CHRONO_IMAGE",
  "overlay-v4": "OVERLAY_V4_IMAGE",
  gui: "GUI_IMAGE",
} as const;

/** What was ever tagged, oldest first, with what its tag says and when it was made, in seconds since 1970. */
const releases = [
  { tag: "v2.4.0", says: "Stable: proofs in parallel", madeAt: 1_757_926_800 },
  { tag: "v2.4.1", says: "Stable: smaller containers", madeAt: 1_759_741_200 },
  { tag: "v2.5.0-rc1", says: "To be tried: another planner", madeAt: 1_760_950_800 },
] as const;
type Tag = (typeof releases)[number]["tag"];

/** What is checked out, and runs where nothing was rolled back. */
const current: Tag = "v2.4.1";

function imagesOf(tag: Tag): Record<string, string> {
  const images = Object.keys(imageKeys).map((service) => {
    const name = `registry.example/logos/${service}:${tag.slice(1)}`;
    return [service, `${name}@sha256:${createHash("sha256").update(name).digest("hex")}`] as const;
  });
  return Object.fromEntries(images);
}

/** What ran before what runs where nothing was rolled back. */
export const releaseBefore: Tag = "v2.4.0";

/** The variables of a stack that runs this tag, and whose data was never restored. */
export function releasedVariables(tag: Tag = current): Record<string, string> {
  const images = imagesOf(tag);
  return {
    LOGOS_RELEASE: tag,
    DATA_VOLUME: "logos_data",
    ...Object.fromEntries(Object.entries(imageKeys).map(([service, key]) => [key, images[service] ?? ""])),
  };
}

/**
 * Makes a folder the repository that its files were checked out from, as the manual has it: each release is a tag, and says in
 * `images.json` which images it is of. Without git on the machine there is none. The files themselves stand there at once.
 */
export async function layRepository(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  const written = { ...files, "images.json": imageFile(current) };
  for (const [name, text] of Object.entries(written)) writeFileSync(join(home, name), text);
  const repository = join(home, ".git");
  rmSync(repository, { recursive: true, force: true });
  const key = JSON.stringify(files);
  const known = laid.get(key);
  if (known) return layAgain(repository, known);
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const git = (words: readonly string[], input = "") => runTool("git", words, { cwd: home, env, input });
  if (!(await git(["init", "--quiet", "--template=", "--initial-branch=main"]))) return;
  await git(["fast-import", "--quiet", "--force"], releases.map((each) => commitOf(each, files)).join(""));
  // It is told where it stands and what it holds; to check it out would take away and write anew what others read by now.
  await git(["update-ref", "--no-deref", "HEAD", `${current}^{commit}`]);
  await git(["reset", "--quiet"]);
  laid.set(
    key,
    readdirSync(repository, { recursive: true, encoding: "utf8" })
      .toSorted()
      .map((path) => {
        const isFile = statSync(join(repository, path)).isFile();
        return { path, bytes: isFile ? readFileSync(join(repository, path)) : undefined };
      }),
  );
}

/** Of a repository one file, or a folder, which has no bytes, before what it holds. */
interface Laid {
  readonly path: string;
  readonly bytes: Buffer | undefined;
}

/** What git made of these files: a process that starts the demo again asks it for nothing. */
const laid = new Map<string, readonly Laid[]>();

function layAgain(repository: string, known: readonly Laid[]): void {
  mkdirSync(repository);
  for (const { path, bytes } of known)
    if (bytes) writeFileSync(join(repository, path), bytes);
    else mkdirSync(join(repository, path));
}

function commitOf({ tag, says, madeAt }: (typeof releases)[number], files: Readonly<Record<string, string>>): string {
  const by = `LOGOS <releases@logos.example> ${madeAt} +0000\n`;
  const held = { ...files, "images.json": imageFile(tag) };
  const changes = Object.entries(held).map(([name, text]) => `M 100644 inline ${name}\n${data(text)}`);
  const commit = `commit refs/heads/main\ncommitter ${by}${data(says)}${changes.join("")}\n`;
  return `${commit}tag ${tag}\nfrom refs/heads/main\ntagger ${by}${data(says)}`;
}

function imageFile(tag: Tag): string {
  return `${JSON.stringify(imagesOf(tag), undefined, 2)}\n`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
