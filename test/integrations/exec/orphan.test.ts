import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { execStep } from "../../../src/integrations/exec/exec-step.ts";
import { isRunning, scriptFolder } from "../process/scripts.ts";

const patience = { timeout: 60_000 };
const kind = execStep({ variable: (name) => process.env[name], secrets: { read: async () => "" } });
const key = () => `orphan-${crypto.randomUUID()}/s`;

/** A program that waits until it is let go on, and a program that tells whether it had its effect. */
function programs(more: object = {}) {
  const folder = scriptFolder({
    "do.sh": "#!/bin/sh\necho $$ > begun\nuntil test -e go || ! test -e begun; do sleep 0.05; done\ntouch effect\n",
    "asked.sh": "#!/bin/sh\ntest -e effect && exit 0\nexit 4\n",
  });
  const { cwd } = folder;
  mkdirSync(join(cwd, "receipts"));
  const probe = { command: ["./asked.sh"], exits: { 4: "refused" } };
  const written = { cwd, env: ["PATH"], command: ["./do.sh"], timeout: "30s", probe, ...more };
  const pid = (): number => Number(readFileSync(join(cwd, "begun"), "utf8"));
  onTestFinished(() => {
    if (existsSync(join(cwd, "begun")) && pid() > 0 && isRunning(pid())) process.kill(pid(), "SIGKILL");
  });
  return { ...folder, written, step: kind.schema.parse(written), pid };
}

/** Has another process begin the step, and kills that as it is out. */
async function killedBot({ cwd, write, written, pid }: ReturnType<typeof programs>, under: string): Promise<void> {
  const root = join(import.meta.dirname, "../../..");
  const bot = write(
    "bot.ts",
    `import { execStep } from ${JSON.stringify(join(root, "src/integrations/exec/exec-step.ts"))};
const kind = execStep({ variable: (name) => process.env[name], secrets: { read: async () => "" } });
await kind.run(kind.schema.parse(${JSON.stringify(written)}), { key: ${JSON.stringify(under)}, elapsedMs: 0 });
`,
  );
  const first = spawn(process.execPath, [bot], { stdio: "ignore" });
  const ended = new Promise((resolve) => first.once("exit", resolve));
  await expect.poll(() => existsSync(join(cwd, "begun")) && pid() > 0, patience).toBe(true);
  first.kill("SIGKILL");
  await ended;
}

it("what a program that outlived its bot has not done yet is not told as never done", {
  timeout: 120_000,
}, async () => {
  const under = key();
  const all = programs();
  await killedBot(all, under);
  const runs = { outcome: "unknown", detail: `what was started for it still runs as process ${all.pid()}` };
  expect(await kind.probe(all.step, under)).toEqual(runs);
  expect(await kind.stillRuns?.(all.step, under)).toBe(runs.detail);
  // Of another step it says nothing.
  expect(await kind.probe(all.step, key())).toMatchObject({ outcome: "refused" });
  all.write("go", "");
  await expect.poll(() => isRunning(all.pid()), patience).toBe(false);
  expect(await kind.probe(all.step, under)).toEqual({ outcome: "done", detail: "./asked.sh: exit code 0" });
});

it("what a program started is looked for when that itself has ended", async () => {
  const under = key();
  const { cwd, step, write, pid } = programs();
  write("parent.sh", "#!/bin/sh\nsetsid ./do.sh &\n");
  const parent = spawn(join(cwd, "parent.sh"), { cwd, env: { ...process.env, WARDROOM_KEY: under }, stdio: "ignore" });
  await new Promise((resolve) => parent.once("exit", resolve));
  await expect.poll(() => existsSync(join(cwd, "begun")) && pid() > 0, patience).toBe(true);
  expect(await kind.probe(step, under)).toMatchObject({ outcome: "unknown", detail: /still runs as process/ });
});

it("a receipt that is gone does not tell what still runs as never started", async () => {
  const under = key();
  const { cwd, step, pid } = programs({ probe: undefined, receipt: join(scriptFolder().cwd) });
  spawn(join(cwd, "do.sh"), { cwd, env: { ...process.env, WARDROOM_KEY: under }, stdio: "ignore" });
  await expect.poll(() => existsSync(join(cwd, "begun")) && pid() > 0, patience).toBe(true);
  expect(await kind.probe(step, under)).toMatchObject({ outcome: "unknown", detail: /holds no receipt of it/ });
});
