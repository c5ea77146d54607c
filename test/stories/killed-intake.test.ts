import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { demoVariables } from "../../demo/variables.ts";
import { startBotProcess } from "../fakes/bot-process.ts";
import { postedAlert, postedBatch } from "../fakes/posted-alerts.ts";
import type { ServerProcess } from "../fakes/server-process.ts";

const clone = fileURLToPath(new URL("../../", import.meta.url));
const bin = join(clone, "bin/wardroom.js");
const run = promisify(execFile);
const token = "a-token-of-the-story";

const senders = `alerts:
  heartbeats: [{ id: nightly, system: prsm, every: 1s, grace: 1s, auth: { tokens: [env:JOB_TOKEN] } }]
  senders:
    - { id: cluster, system: logos, auth: { tokens: [env:ALERTS_TOKEN] } }
    - { id: pager, kind: pagerduty, system: prsm, auth: { tokens: [env:PAGER_KEY] } }
    - id: probes
      kind: generic
      system: prsm
      auth: { tokens: [env:PROBES_TOKEN] }
      map: { fields: { id: name, severity: { is: P2 }, summary: text }, when: "row.up == false" }
`;

/** A bot in a process of its own that takes alerts; nothing that it operates is there. */
async function standWatch() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-intake-"));
  const config = join(folder, "config");
  cpSync(join(clone, "demo/config"), config, { recursive: true });
  cpSync(join(clone, "systems"), join(config, "systems"), { recursive: true });
  const file = join(config, "wardroom.yaml");
  writeFileSync(
    file,
    readFileSync(file, "utf8").replace(/^alerts:\n/m, () => senders),
  );
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "fatal",
    ...demoVariables,
    ALERTS_TOKEN: token,
    PAGER_KEY: `${token}-for-events`,
    JOB_TOKEN: `${token}-for-the-job`,
    PROBES_TOKEN: `${token}-for-probes`,
    WARDROOM_CONFIG: config,
    WARDROOM_STATE: join(folder, "state"),
    PORT: "0",
  };
  let enrolled: Promise<unknown> | undefined;
  const held: { bot?: ServerProcess<string> } = {};
  const kill = async (): Promise<void> => held.bot?.kill();
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    kill,
    async start(): Promise<void> {
      held.bot = await startBotProcess(env);
      enrolled ??= run(process.execPath, [bin, "enrol", "ana"], { env });
      await enrolled;
    },
    async post(body: string, path = "alertmanager", of = ""): Promise<string> {
      const headers = { authorization: `Bearer ${token}${of}` };
      const answer = await fetch(`${held.bot?.found}/webhooks/${path}`, { method: "POST", body, headers });
      expect(answer.ok).toBe(true);
      return z.object({ trace: z.string().default("") }).parse(await answer.json()).trace;
    },
    async ask(text: string): Promise<string> {
      const ana = join(folder, "state", "tokens", "ana.token");
      return (await run(process.execPath, [bin, "ask", text, "--token-file", ana], { env })).stdout;
    },
  };
}

it("killed between taking a batch and putting it on record: nothing is lost and nothing is told twice", async () => {
  const watch = await standWatch();
  await watch.start();
  const alerts = [...Array(6_000).keys()].map((at) => postedAlert({ labels: { instance: `db-${at}` } }));
  const trace = await watch.post(postedBatch(alerts));
  const event = {
    event_action: "trigger",
    dedup_key: "k",
    payload: { summary: "By event", source: "s", severity: "error" },
  };
  await watch.post(JSON.stringify({ ...event, routing_key: `${token}-for-events` }), "pagerduty");
  await watch.post(JSON.stringify({ name: "shop", text: "By probe", up: false }), "generic/probes", "-for-probes");
  await watch.kill();
  await watch.start();
  const told = () => watch.ask(`alerts why ${trace}`);
  await expect.poll(told, { timeout: 60_000, interval: 1_000 }).toContain("6000 told something new");
  expect(await told()).not.toContain("told what was known");
  expect(await told()).not.toContain("Not on record yet");
  const firing = await watch.ask("alerts prsm");
  for (const summary of ["By event", "By probe"]) expect(firing).toContain(summary);
  const job = () => watch.ask("alerts prsm");
  await expect.poll(job, { timeout: 60_000, interval: 1_000 }).toContain("The job nightly has not called in its time");
  await watch.post("", "heartbeat/nightly", "-for-the-job");
});
