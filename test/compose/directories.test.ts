import { expect, it, onTestFinished, vi } from "vitest";
import { Directories } from "../../src/compose/directories.ts";
import { knownSurfaces } from "../../src/compose/known-surfaces.ts";
import { BackendError } from "../../src/domain/failure.ts";
import type { Directory, Standing } from "../../src/domain/people/directory.ts";

const account = { surface: "slack", id: "U1" };
const never = (): Promise<Standing> => new Promise(() => {});

/** A platform that answers nobody, and may know from before. */
function silent(remembered: () => Promise<Standing>): Directories {
  const directories = new Directories(knownSurfaces);
  const day = 24 * 3_600_000;
  const slack: Directory = { standing: (_account, { maxAgeMs }) => (maxAgeMs === day ? remembered() : never()) };
  directories.add("slack", slack);
  return directories;
}

const asked = { maxAgeMs: 0, atOnce: true } as const;

it("what a platform said in the last day stands in for its silence where nothing may wait for it", async () => {
  const known: Standing = { ok: true, groups: ["S1"] };
  expect(await silent(async () => known).standing(account, asked)).toEqual(known);
});

it("what it never said is an error, at once", async () => {
  await expect(silent(never).standing(account, asked)).rejects.toThrow("did not answer at once about an account");
});

it("what it refuses is told as it is", async () => {
  const directories = new Directories(knownSurfaces);
  const gone: Standing = { ok: false, why: "deactivated", remedy: "" };
  directories.add("slack", { standing: async () => gone });
  expect(await directories.standing(account, asked)).toEqual(gone);
});

it("one that is not connected is an error, which leaves people their own rights", async () => {
  const standing = new Directories(knownSurfaces).standing(account, asked);
  await expect(standing).rejects.toThrow(BackendError);
  await expect(standing).rejects.toThrow("is not connected");
});

it("one that was silent is not waited for again at once, and is once it has had time to recover", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const directories = silent(never);
  const waited = async (about = account): Promise<number> => {
    const began = performance.now();
    const refused = expect(directories.standing(about, asked)).rejects.toThrow("did not answer at once");
    await vi.runAllTimersAsync();
    await refused;
    return performance.now() - began;
  };
  const first = await waited();
  expect(await waited()).toBeLessThan(first / 4);
  // Somebody else may have no right but what the platform says.
  expect(await waited({ ...account, id: "U9" })).toBe(first);
  vi.advanceTimersByTime(10_000);
  expect(await waited()).toBe(first);
});
