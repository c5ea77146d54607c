import { vi } from "vitest";

/** Looks at files by a clock that is two minutes ahead of that of the file system. */
export async function inTwoMinutes(look: () => Promise<void>): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 120_000 });
  try {
    await look();
  } finally {
    vi.useRealTimers();
  }
}
