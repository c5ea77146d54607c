import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type House, openHouse } from "./house/house.ts";
import { discordTalk, slackTalk, type Talk } from "./house/talk.ts";

const platforms: readonly (readonly ["slack" | "discord", (house: House) => Talk])[] = [
  ["slack", slackTalk],
  ["discord", discordTalk],
];
const patience = { timeout: 60_000, interval: 100 };

/** Writes a line as PulseGuard does. */
function writeLine({ demo }: House, message: string): void {
  writeTo(join(demo.pulseguard.logs, "pulseguard.log"), message);
}

function writeTo(file: string, message: string): void {
  const line = { timestamp: new Date().toISOString(), level: "error", message };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

describe.each(platforms)("on %s", (surface, talkOf) => {
  it("a log is followed in one message, which is edited, stopped by somebody else, and says so (PR8)", async ({
    onTestFinished: atEnd,
  }) => {
    const house = await openHouse({ only: surface, atEnd });
    const talk = talkOf(house);
    writeLine(house, "followme before token=Tr0ub4dor-3x");
    const asked = await talk.asks("ana", "logs pulseguard match:followme fields:message follow:2m");
    expect(asked.text).toContain("following, no new line");
    expect(asked.text).toContain("followme before");
    const messages = talk.channel().length;
    const now = (): string => talk.channel().at(-1)?.text ?? "";
    writeLine(house, "followme first");
    await vi.waitFor(() => expect(now()).toContain("followme first"), patience);
    writeLine(house, "followme second password=hunter2hunter2");
    await vi.waitFor(() => expect(now()).toContain("2 new lines"), patience);
    expect(now().indexOf("followme before")).toBeLessThan(now().indexOf("followme second"));
    expect(now()).not.toMatch(/Tr0ub4dor|hunter2hunter2/);
    expect((await talk.presses("boris", "Stop following")).text).toContain("Ended: stopped by");
    await vi.waitFor(() => expect(now()).toContain("Ended: stopped by"), patience);
    expect(talk.channel()).toHaveLength(messages);
    expect(talk.channel().at(-1)?.buttons).not.toContain("Stop following");
  });

  it("a bot that is shut down says that it follows no more", async ({ onTestFinished: atEnd }) => {
    const house = await openHouse({ only: surface, atEnd });
    const talk = talkOf(house);
    await talk.asks("ana", "logs pulseguard match:followme fields:message follow:2m");
    writeLine(house, "followme first");
    const now = (): string => talk.channel().at(-1)?.text ?? "";
    await vi.waitFor(() => expect(now()).toContain("followme first"), patience);
    await house.stop();
    expect(now()).toContain("Ended: Wardroom was shut down. It was fed until");
  });
});

it("a terminal prints the lines of a log that is followed as they come, and in the end why it ended", async () => {
  const state = mkdtempSync(join(tmpdir(), "wardroom-follow-"));
  onTestFinished(() => rmSync(state, { recursive: true, force: true }));
  const bin = fileURLToPath(new URL("../../bin/wardroom.js", import.meta.url));
  const asked = "logs pulseguard match:followme fields:message follow:15s";
  const child = spawn(process.execPath, [bin, "ask", asked, "--as", "ana"], {
    env: { PATH: process.env["PATH"] ?? "", LOG_LEVEL: "error", WARDROOM_STATE: state },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
  });
  const ended = once(child, "exit");
  await vi.waitFor(() => expect(printed).toContain("following, no new line"), patience);
  const log = readdirSync(state, { recursive: true, encoding: "utf8" }).find((each) => each.endsWith("pulseguard.log"));
  writeTo(join(state, log ?? ""), "followme password=hunter2hunter2");
  await vi.waitFor(() => expect(printed).toContain("message=followme password=[redacted]"), patience);
  expect((await ended)[0]).toBe(0);
  expect(printed).toContain("Ended: the time is over (15 s). It was fed until");
  expect(printed.match(/message=followme/g)).toHaveLength(1);
});
