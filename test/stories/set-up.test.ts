import { spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { writeConfig } from "../../src/cli/init-config.ts";
import { platformVariables } from "../fakes/bot-process.ts";
import { startFakeDiscord } from "../fakes/discord/discord.ts";
import { startFakeSlack } from "../fakes/slack/slack.ts";
import { textIn } from "./house/talk.ts";
import { bin, runWardroom } from "./house/wardroom.ts";

/** An empty folder on a machine whose `.env` names both platforms. */
async function beginner() {
  const folder = mkdtempSync(join(tmpdir(), "wardroom-setup-"));
  const [slack, discord] = await Promise.all([startFakeSlack(), startFakeDiscord()]);
  onTestFinished(async () => {
    await Promise.all([slack.stop(), discord.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });
  const people = {
    slackUser: slack.world.addUser({ id: "U0123ABC", name: "ana" }),
    slackChannel: slack.world.addChannel({ id: "C0123ABC", name: "ops" }),
    discordUser: discord.world.addUser({ name: "ana" }),
    discordChannel: discord.world.addChannel({ name: "ops" }),
  };
  const lines = platformVariables({ slack, discord });
  writeFileSync(
    join(folder, ".env"),
    Object.entries(lines)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
  );
  const env = { PATH: process.env["PATH"] ?? "", LOG_LEVEL: "error", PORT: "0" };
  const wardroom = async (...args: string[]) => runWardroom({ cwd: folder, env }, ...args);
  const init = () =>
    wardroom(
      "init",
      "--slack-user",
      people.slackUser,
      "--slack-channel",
      people.slackChannel,
      "--discord-user",
      people.discordUser,
      "--discord-channel",
      people.discordChannel,
    );
  return { folder, env, slack, discord, people, wardroom, init };
}

/** What `init` leaves there, without its looks at the platforms, and of the systems the smallest alone. */
async function settled() {
  const there = await beginner();
  const { slackUser, slackChannel, discordUser, discordChannel } = there.people;
  const folder = join(there.folder, "wardroom-config");
  const given = [
    { surface: "slack", user: slackUser, channel: slackChannel },
    { surface: "discord", user: discordUser, channel: discordChannel },
  ] as const;
  writeConfig(folder, given, { name: "Owner" });
  for (const id of ["alphapulse", "logos", "prsm"]) rmSync(join(folder, "systems", `${id}.yaml`));
  appendFileSync(join(there.folder, ".env"), `WARDROOM_CONFIG=${folder}\n`);
  return there;
}

describe("from nothing to the first answer", () => {
  it("tokens in .env, init, start: both platforms answer their owner", async () => {
    const { folder, env, slack, discord, people, wardroom, init } = await beginner();
    expect(await wardroom("start")).toMatchObject({ code: 1, out: expect.stringContaining("wardroom init") });
    expect(await init()).toMatchObject({ code: 0, out: expect.stringContaining("npm start") });
    expect(readFileSync(join(folder, ".env"), "utf8")).toContain("WARDROOM_CONFIG=");
    expect(await init()).toMatchObject({ code: 1, out: expect.stringContaining("is there already") });
    expect(await wardroom("check")).toMatchObject({ code: 0, out: expect.stringContaining("The config is good") });
    const child = spawn(process.execPath, [bin, "start"], { cwd: folder, env, stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    await vi.waitFor(() => expect([slack.sockets.count, discord.world.commands.length > 0]).toEqual([2, true]), 60_000);
    slack.as(people.slackUser).slash("status", { channel: people.slackChannel });
    discord.as(people.discordUser).slash("status", {}, { channel: people.discordChannel });
    await vi.waitFor(
      () => {
        expect(
          slack
            .messages(people.slackChannel)
            .map((each) => each.text)
            .join(),
        ).toMatch(/systems asked just now|need a look|not fully read/);
        expect(
          discord
            .messages(people.discordChannel)
            .map((each) => textIn(each.embeds))
            .join(),
        ).toMatch(/systems asked just now|need a look|not fully read/);
      },
      { timeout: 60_000 },
    );
  });

  it("ids are asked for, and names refused, with where to find them", async () => {
    const { wardroom } = await beginner();
    expect(await wardroom("init")).toMatchObject({ code: 1, out: expect.stringContaining("Copy member ID") });
    const named = await wardroom("init", "--slack-user", "ana", "--slack-channel", "#ops");
    expect(named).toMatchObject({ code: 1, out: expect.stringContaining("takes an id, not a name") });
  });
});

describe("doctor", () => {
  it("finds nothing where nothing is wrong, and registers what Discord shows", async () => {
    const { wardroom } = await settled();
    const registered = await wardroom("discord", "register");
    expect(registered.out).toContain("scope=bot+applications.commands&permissions=2252177770925056");
    const healthy = await wardroom("doctor");
    expect(healthy.out).not.toContain("✗");
    expect(healthy.out).toContain("✓ The commands are registered\n");
    expect(healthy.out).toContain("✓ Slack takes what cards are made of\n");
    expect(healthy.code).toBe(0);
  });

  it("names what is wrong and the next step", async () => {
    const { slack, discord, people, wardroom } = await settled();
    slack.scopes.delete("files:write");
    slack.fail({ method: "blocks.validate", kind: "ok-false", error: "invalid_blocks" });
    discord.world.commands = [];
    slack.world.channels.get(people.slackChannel)?.members.clear();
    slack.revoke(slack.appToken);
    const channel = discord.world.channels.get(people.discordChannel);
    if (channel) channel.permissions = 1n << 10n;
    const { code, out } = await wardroom("doctor");
    expect(code).toBe(1);
    for (const words of [
      "lacks files:write",
      "does not take what cards are made of",
      "/invite @Wardroom",
      "connections:write",
      "lacks Send Messages",
      "differ from those of the config",
    ])
      expect(out).toContain(words);
    for (const secret of [slack.botToken, slack.appToken, discord.token]) expect(out).not.toContain(secret);
    slack.revoke(slack.botToken);
    discord.revoke();
    const revoked = await wardroom("doctor");
    expect(revoked.out).toContain("set SLACK_BOT_TOKEN");
    expect(revoked.out).toContain("set SLACK_APP_TOKEN");
    expect(revoked.out).toContain("set DISCORD_TOKEN");
  });

  it("says of the intents that none has to be switched on, and which may be off", async () => {
    const { discord, wardroom } = await settled();
    expect((await wardroom("doctor")).out).toContain("It asks for no privileged intent, so none has to be on\n");
    discord.world.messageContent = true;
    expect((await wardroom("doctor")).out).toContain("Message Content may be turned off on the Bot page");
  });

  it("finds what would keep the bot from starting, and a platform on which nobody could ask", async () => {
    const { people, wardroom } = await beginner();
    const early = await wardroom("doctor");
    expect(early.code).toBe(1);
    expect(early.out).toContain("no config says who is who");
    expect(early.out).toContain("wardroom init --slack");
    await wardroom("init", "--slack-user", people.slackUser, "--slack-channel", people.slackChannel);
    const half = await wardroom("doctor");
    expect(half.code).toBe(1);
    expect(half.out).toContain("No channel of the config is on Discord");
    expect(half.out).toContain("They are simulated");
  });

  it("says nothing against a token when a platform cannot be reached", async () => {
    const { folder, wardroom } = await settled();
    const path = join(folder, ".env");
    // Where nothing ever listens; a port that was let go may be somebody else's by now.
    const nowhere = readFileSync(path, "utf8").replaceAll(/(?<=_API_URL=http:\/\/127\.0\.0\.1:)\d+/g, "1");
    writeFileSync(path, nowhere);
    const { code, out } = await wardroom("doctor");
    expect(code).toBe(1);
    expect(out).toContain("Slack could not be asked (could not be reached), so nothing is known of the token");
    expect(out).toContain("Discord could not be asked (could not be reached), so nothing is known of the token");
    expect(out).not.toMatch(/does not take|Reset the token|WARN/);
  });

  it("says nothing against a token where something else answers at Discord's address", async () => {
    const { folder, slack, discord, wardroom } = await settled();
    const path = join(folder, ".env");
    writeFileSync(path, readFileSync(path, "utf8").replace(discord.apiUrl, slack.apiUrl));
    const { out } = await wardroom("doctor");
    expect(out).toContain("Discord could not be asked (404), so nothing is known of the token");
  });
});

describe("before the bot is invited", () => {
  it("discord register prints the link and that is all there is to do", async () => {
    const { discord, wardroom } = await settled();
    discord.removeMember(discord.botUserId);
    const registered = await wardroom("discord", "register");
    expect(registered.code).toBe(0);
    expect(registered.out).toContain("scope=bot+applications.commands");
    expect(registered.out).toContain("open the link");
    expect((await wardroom("doctor")).out).toContain("Check DISCORD_GUILD_ID, or invite the bot");
  });
});

describe("an ordinary mistake", () => {
  it.each([
    ["a word in the config that is none", "wardroom.yaml", "chanels"],
    ["a state folder under a file", "", ""],
  ])("%s ends the start with words", async (_what, file, word) => {
    const { folder, wardroom } = await settled();
    if (file !== "") {
      const path = join(folder, "wardroom-config", file);
      writeFileSync(path, readFileSync(path, "utf8").replace("channels:", `${word}:`));
    } else writeFileSync(join(folder, ".wardroom"), "");
    const { code, out } = await wardroom("start");
    expect(code).toBe(1);
    expect(out).toContain(file === "" ? ".wardroom" : word);
    expect(out).not.toMatch(/\n\s+at /);
  });
});

it("what is wrong at a start is in its log, once, with the next step", async () => {
  const { folder, slack, people } = await settled();
  slack.world.channels.get(people.slackChannel)?.members.clear();
  const env = { PATH: process.env["PATH"] ?? "", LOG_LEVEL: "warn", PORT: "0" };
  const child = spawn(process.execPath, [bin, "start"], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const out: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => out.push(data.toString()));
  onTestFinished(() => void child.kill("SIGKILL"));
  await vi.waitFor(() => expect(out.join("")).toContain("The bot is not in #ops"), 60_000);
  expect(out.join("")).toContain("/invite @Wardroom");
  expect(out.join("")).toContain("In Slack, in a channel of wardroom.yaml: /ops status");
  expect(out.join("").match(/The bot is not in #ops/g)).toHaveLength(1);
});
