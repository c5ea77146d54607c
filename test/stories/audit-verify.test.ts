import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { runWardroom } from "./house/wardroom.ts";

/** A command line on a state of its own, and a hand on that state. */
function ownState() {
  const cwd = mkdtempSync(join(tmpdir(), "wardroom-audit-"));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const env = { PATH: process.env["PATH"] ?? "", WARDROOM_STATE: join(cwd, "state"), PORT: "0" };
  return {
    wardroom: (...args: readonly string[]) => runWardroom({ cwd, env }, ...args),
    tamper: (sql: string): void => {
      const database = new DatabaseSync(join(env.WARDROOM_STATE, "wardroom.db"));
      database.exec(sql);
      database.close();
    },
  };
}

it("the journal is verified, and a changed entry is named", async () => {
  const { wardroom, tamper } = ownState();
  await wardroom("ask", "help", "--as", "ana");
  expect(await wardroom("audit", "verify")).toMatchObject({
    code: 0,
    out: expect.stringContaining("The journal holds: 2 links"),
  });
  tamper("UPDATE journal SET body = replace(body, 'ana', 'eve') WHERE seq = 2");
  expect(await wardroom("audit", "verify")).toMatchObject({
    code: 1,
    out: expect.stringContaining("broken at link 2"),
  });
});

it("a state without a journal is none that holds: it may be the wrong one, or everything was taken away", async () => {
  const { wardroom, tamper } = ownState();
  const none = {
    code: 1,
    out: expect.stringContaining("There is no journal here: nothing was checked. Check WARDROOM_STATE or REDIS_URL"),
  };
  expect(await wardroom("audit", "verify")).toMatchObject(none);
  await wardroom("ask", "help", "--as", "ana");
  tamper("DELETE FROM journal; UPDATE head SET seq = 0, hash = printf('%064d', 0)");
  expect(await wardroom("audit", "verify")).toMatchObject(none);
});
