import { stringify } from "yaml";
import { commands } from "../commands/index.ts";
import { UserError } from "../domain/failure.ts";
import { readFlags } from "./arguments.ts";

const manifestRemedy =
  "It takes --url <url> and nothing else: npx --no wardroom slack manifest --url https://ops.example.com";

/** `wardroom slack manifest [--url https://…]`: what to paste where Slack makes an app from a manifest. */
export async function slack([what, ...args]: readonly string[]): Promise<number> {
  if (what !== "manifest")
    throw new UserError("slack takes manifest.", "For example: npx --no wardroom slack manifest");
  const { values, positionals } = readFlags(args, { url: { type: "string" } } as const, manifestRemedy);
  const [extra] = positionals;
  if (extra !== undefined) throw new UserError(`slack manifest takes no ${extra}.`, manifestRemedy);
  if (values.url !== undefined && !/^https:\/\/[^\s/]+/.test(values.url))
    throw new UserError(
      "Slack reaches the bot at an https address only.",
      "For example: --url https://ops.example.com",
    );
  const { createLink, slackManifest } = await import("../bot/slack/manifest.ts");
  const manifest = slackManifest(commands, values.url);
  process.stdout.write(stringify(manifest, { lineWidth: 0 }));
  // Beside it, so that what is piped into a file is the manifest and nothing else.
  process.stderr.write(
    `\nPaste it at https://api.slack.com/apps: Create New App, From a manifest. Or open this link, which does both:\n${createLink(manifest)}\n`,
  );
  return 0;
}
