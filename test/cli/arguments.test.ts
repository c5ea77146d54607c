import { describe, expect, it } from "vitest";
import { check } from "../../src/cli/check.ts";
import { discord } from "../../src/cli/discord.ts";
import { slack } from "../../src/cli/slack.ts";

describe("what a subcommand does not know", () => {
  it.each([
    ["check", () => check(["--without-evn"]), "Unknown option '--without-evn'."],
    ["check, a second folder", () => check(["one", "two"]), "check takes one folder, not 2."],
    ["slack manifest", () => slack(["manifest", "--uri", "https://ops.example.com"]), "Unknown option '--uri'."],
    ["slack manifest, a word", () => slack(["manifest", "now"]), "slack manifest takes no now."],
    ["discord register", () => discord(["register", "--guild"]), "discord register takes no --guild."],
  ])("is refused with what it takes: %s", async (_, ran, message) => {
    await expect(ran()).rejects.toMatchObject({ message, remedy: expect.stringMatching(/\w/) });
  });
});
