import { expect, it } from "vitest";
import { slackManifest } from "../../../src/bot/slack/manifest.ts";
import { commands } from "../../../src/commands/index.ts";
import { methods, scopeOf } from "../../fakes/slack/api.ts";

it("asks for every scope that a call of the bot needs, and hears what it listens to", () => {
  const manifest = slackManifest(commands);
  const called = Object.keys(methods).flatMap((method) => scopeOf[method] ?? []);
  expect(manifest).toMatchObject({
    oauth_config: {
      scopes: { bot: expect.arrayContaining([...called, "app_mentions:read", "commands", "im:history"]) },
    },
    settings: {
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
      event_subscriptions: { bot_events: expect.arrayContaining(["app_mention", "message.im", "app_home_opened"]) },
    },
    features: {
      slash_commands: [{ command: "/ops" }],
      shortcuts: [
        { name: "Acknowledge", type: "message", callback_id: "shortcut:ack" },
        { name: "Declare incident", type: "message", callback_id: "shortcut:incident-declare" },
        { name: "Put on the timeline", type: "message", callback_id: "shortcut:incident-note" },
        { name: "Show the full plan", type: "message", callback_id: "shortcut:confirm-show" },
      ],
    },
  });
  // Slack makes no new app with the assistant's view, and the agent's view takes a scope that nothing here needs.
  expect(JSON.stringify(manifest)).not.toMatch(/assistant|agent_view/);
  expect(JSON.stringify(manifest)).not.toMatch(/admin|:write\.customize|users:read\.email|files:read/);
});

it("with an address has events come over HTTP", () => {
  const manifest = slackManifest(commands, "https://ops.example.com/");
  const address = "https://ops.example.com/slack/events";
  expect(manifest).toMatchObject({
    settings: {
      socket_mode_enabled: false,
      interactivity: { request_url: address },
      event_subscriptions: { request_url: address },
    },
    features: { slash_commands: [{ url: address }] },
  });
});
