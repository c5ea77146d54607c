import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type Environment, readEnvironment, variableNames } from "../../src/config/environment.ts";
import { mask, redact } from "../../src/domain/text/redact.ts";

function good(variables: Record<string, string>): Environment {
  const result = readEnvironment(variables);
  if ("problems" in result) throw new Error(result.problems.map((problem) => problem.message).join("\n"));
  return result.environment;
}

function problems(variables: Record<string, string>) {
  const result = readEnvironment(variables);
  return "problems" in result ? result.problems : [];
}

const bothPlatforms: Record<string, string> = {
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_APP_TOKEN: "xapp-1",
  SLACK_SIGNING_SECRET: "secret",
  DISCORD_TOKEN: "token",
  DISCORD_GUILD_ID: "109301234567890123",
};

describe("readEnvironment", () => {
  it("has a default for everything the demo needs", () => {
    expect(good({})).toEqual({
      production: false,
      configFolder: undefined,
      stateFolder: ".wardroom",
      port: 7700,
      host: "127.0.0.1",
      logLevel: "info",
      terminal: "socket",
      redisUrl: undefined,
      slack: undefined,
      discord: undefined,
      variables: {},
    });
  });

  it("takes a variable that is set but empty as unset", () => {
    expect(good({ PORT: "", WARDROOM_CONFIG: "", SLACK_BOT_TOKEN: "", HOST: "" })).toEqual(good({}));
  });

  it.each([
    ["WARDROOM_CONFIG"],
    ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"],
    ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"],
    ["DISCORD_TOKEN", "DISCORD_GUILD_ID"],
  ])("is production with %s", (...names) => {
    const set = Object.fromEntries(names.map((name) => [name, bothPlatforms[name] ?? "something"]));
    // Whoever has tried the demo goes on with a real bot: neither runs on the other's state.
    expect(good(set)).toMatchObject({ production: true, stateFolder: ".wardroom/live" });
    expect(good({ ...set, WARDROOM_STATE: "/srv/wardroom" }).stateFolder).toBe("/srv/wardroom");
  });

  it.each([
    ["SLACK_APP_TOKEN", "SLACK_BOT_TOKEN is missing"],
    ["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN is missing"],
    ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN is missing"],
    ["DISCORD_TOKEN", "DISCORD_GUILD_ID is missing"],
  ])("refuses half a platform: %s alone", (name, words) => {
    const read = readEnvironment({ [name]: bothPlatforms[name] });
    expect("problems" in read && read.problems.map((each) => `${each.variable} ${each.message}`).join()).toContain(
      words,
    );
  });

  it.each(["REDIS_URL", "SLACK_API_URL", "DISCORD_API_URL"])("stays the demo with %s alone", (name) => {
    expect(good({ [name]: name === "REDIS_URL" ? "redis://h" : "http://h" }).production).toBe(false);
  });

  it.each([
    { given: "https://x.test/api", slack: "https://x.test/api/", discord: "https://x.test/api" },
    { given: "https://x.test/api/", slack: "https://x.test/api/", discord: "https://x.test/api" },
    { given: "https://x.test/api//", slack: "https://x.test/api/", discord: "https://x.test/api" },
  ])("mends the slash of $given", ({ given, slack, discord }) => {
    const environment = good({ ...bothPlatforms, SLACK_API_URL: given, DISCORD_API_URL: given });
    expect([environment.slack?.apiUrl, environment.discord?.apiUrl]).toEqual([slack, discord]);
  });

  it.each([
    ["PORT", "seventy"],
    ["PORT", "70000"],
    ["PORT", "77.5"],
    ["PORT", "-1"],
    ["PORT", "0x1e14"],
    ["PORT", " 7700"],
    ["HOST", "http://localhost"],
    ["HOST", "localhost:7700"],
    ["HOST", "a b"],
    ["LOG_LEVEL", "verbose"],
    ["LOG_LEVEL", "INFO"],
    ["REDIS_URL", "http://127.0.0.1:6379"],
    ["REDIS_URL", "127.0.0.1:6379"],
    ["SLACK_API_URL", "ftp://x.test"],
    ["DISCORD_API_URL", "x.test/api"],
    ["DISCORD_GUILD_ID", "my-guild"],
    ["SLACK_BOT_TOKEN", "xoxb 1"],
    ["SLACK_BOT_TOKEN", "xapp-1"],
    ["SLACK_APP_TOKEN", "xoxb-1"],
    ["SLACK_BOT_TOKEN", '"xoxb-1"'],
    ["DISCORD_TOKEN", "abc\n"],
  ])("refuses %s=%j by name, with a fix and without the value", (name, value) => {
    const found = problems({ [name]: value });
    expect(found.map((problem) => problem.variable)).toEqual([name]);
    expect(found[0]?.remedy).toContain(`${name}=`);
    expect(found[0]?.message).not.toContain(value);
  });

  it("what is secret of it is masked by its value from then on, also where something else is wrong", () => {
    const values = ["xoxb-plainvalue1", "xapp-plainvalue2", "signingvaluethree", "discordvaluefour", "storevalue&five"];
    const [bot = "", app = "", signing = "", discord = "", password = ""] = values;
    problems({
      SLACK_BOT_TOKEN: bot,
      SLACK_APP_TOKEN: app,
      SLACK_SIGNING_SECRET: signing,
      DISCORD_TOKEN: `${discord} `,
      REDIS_URL: `redis://:${encodeURIComponent(password)}@127.0.0.1:6379`,
      PORT: "none",
    });
    for (const value of values) expect(redact(`it says ${value} here`)).toBe(`it says ${mask} here`);
  });

  it.each([
    ["HOST", "::1"],
    ["HOST", "0.0.0.0"],
    ["HOST", "bot.example.org"],
    ["PORT", "0"],
    ["REDIS_URL", "rediss://:secret@redis:6380/2"],
  ])("accepts %s=%s", (name, value) => {
    expect(problems({ [name]: value })).toEqual([]);
  });

  it("reports all problems at once", () => {
    const found = problems({ PORT: "x", HOST: "a b", LOG_LEVEL: "loud", WARDROOM_CONFIG: "/etc/wardroom" });
    expect(found.map((problem) => problem.variable)).toEqual(["PORT", "HOST", "LOG_LEVEL"]);
  });

  it("refuses a misspelt name, which would otherwise leave the demo open", () => {
    expect(problems({ WARDROOM_CONFG: "/etc/wardroom" })).toEqual([
      {
        variable: "WARDROOM_CONFG",
        message: "is not read; WARDROOM_CONFIG is",
        remedy: "Rename it to WARDROOM_CONFIG, or unset it.",
      },
    ]);
    expect(problems({ SLACK_BOT_TOKN: "x", WARDROOM_THEME: "x", SLACK_CHANNEL: "x" })).toHaveLength(1);
  });
});

describe(".env.example", () => {
  it("lists every variable that is read, each under a comment, and no other", async () => {
    const lines = (await readFile(new URL("../../.env.example", import.meta.url), "utf8")).split("\n");
    const keys = lines.flatMap((line, index) => {
      const name = /^# ([A-Z_]+)=/.exec(line)?.[1];
      return name === undefined ? [] : [{ name, comment: lines[index - 1] ?? "" }];
    });
    expect(keys.map((key) => key.name).toSorted()).toEqual([...variableNames].toSorted());
    expect(keys.filter((key) => !/^# \S.{10,}/.test(key.comment))).toEqual([]);
  });

  it("shows values that are accepted", async () => {
    const text = await readFile(new URL("../../.env.example", import.meta.url), "utf8");
    const shown = [...text.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]);
    expect(problems(Object.fromEntries(shown))).toEqual([]);
  });
});
