import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { startDemo } from "../../demo/start.ts";
import { startFakeSlack } from "../fakes/slack/slack.ts";
import { textIn } from "./house/talk.ts";

const clone = fileURLToPath(new URL("../../", import.meta.url));

it("killed again and again in the middle of commands: what was acknowledged is answered, once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-killed-chat-"));
  const [slack, demo] = [await startFakeSlack(), await startDemo({ folder: join(folder, "demo"), seed: 5 })];
  const ana = slack.as(slack.world.addUser({ name: "ana" }));
  // A channel for each command, so that its answers can be counted.
  const kills = [
    { after: "asking", ms: 0 },
    { after: "asking", ms: 4 },
    { after: "asking", ms: 15 },
    { after: "an acknowledgement", ms: 0 },
    { after: "an acknowledgement", ms: 3 },
    { after: "an acknowledgement", ms: 10 },
  ] as const;
  const places = kills.flatMap((when, round) =>
    [0, 1, 2].map((part) => ({ when, id: slack.world.addChannel({ name: `at-${round}-${part}` }) })),
  );
  cpSync(join(clone, "systems"), join(folder, "config", "systems"), { recursive: true });
  writeFileSync(join(folder, "config", "wardroom.yaml"), wardroomYaml(places.map(({ id }) => id)));
  writeFileSync(join(folder, "config", "people.yaml"), peopleYaml(ana.id));
  const env = {
    PATH: process.env["PATH"] ?? "",
    LOG_LEVEL: "silent",
    PORT: "0",
    WARDROOM_CONFIG: join(folder, "config"),
    WARDROOM_STATE: join(folder, "state"),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    ...demo.env,
  };
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    child = spawn(process.execPath, [join(clone, "bin/wardroom.js"), "start"], { env, stdio: "ignore" });
    await vi.waitFor(() => expect(slack.sockets.count).toBeGreaterThan(0), { timeout: 20_000, interval: 5 });
  };
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
    await vi.waitFor(() => expect(slack.sockets.count).toBe(0), 5_000);
  };
  onTestFinished(async () => {
    await kill();
    await demo.stop();
    await slack.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const asked = new Map<string, boolean>();
  for (const when of kills) {
    await start();
    const first = Promise.withResolvers<void>();
    for (const { id } of places.filter((place) => place.when === when)) {
      asked.set(id, false);
      ana.slash("portfolio alphapulse", { channel: id }).whenAcked(() => {
        asked.set(id, true);
        first.resolve();
      });
    }
    if (when.after === "an acknowledgement") await first.promise;
    await new Promise((resolve) => setTimeout(resolve, when.ms));
    await kill();
  }
  await start();
  const answers = (channel: string): number =>
    slack.messages(channel).filter((each) => textIn(each.blocks).includes("AlphaPulse-RL:")).length;
  const accepted = [...asked].filter(([, acked]) => acked).map(([channel]) => channel);
  expect(accepted.length).toBeGreaterThan(2);
  await vi.waitFor(() => expect(accepted.filter((channel) => answers(channel) === 0)).toEqual([]), {
    timeout: 90_000,
    interval: 200,
  });
  expect([...asked.keys()].filter((channel) => answers(channel) > 1)).toEqual([]);
}, 150_000);

function wardroomYaml(channels: readonly string[]): string {
  const listed = channels.map(
    (id, index) =>
      `  - { id: c${index}, surface: slack, channel: ${id}, systems: "*", allow: [read, ask, approve, stop] }`,
  );
  return `version: 1
roles: [{ id: viewer, may: [read] }, { id: lead, may: [read, ask, approve, stop] }]
channels:
${listed.join("\n")}
policy:
  tiers: [{ id: two, alternatives: [[{ role: lead }]] }]
  rules: [{ tier: two }]
`;
}

function peopleYaml(ana: string): string {
  const lead = "grants: [{ role: lead, systems: '*' }]";
  return `people:
  - { id: ana, name: Ana, accounts: { slack: [${ana}] }, ${lead} }
  - { id: boris, name: Boris, accounts: { slack: [U0BORIS] }, ${lead} }
`;
}
