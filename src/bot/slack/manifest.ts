import type { Command } from "../../domain/commands/command.ts";
import { eventsPath } from "./http-events.ts";
import { shortcutId } from "./listeners.ts";

/** What the bot calls and hears, and no more: each scope with what it is for. */
export const botScopes: Readonly<Record<string, string>> = {
  "app_mentions:read": "hears its name",
  "bookmarks:read": "sees which links are bookmarks of an incident's room",
  "bookmarks:write": "makes bookmarks of them",
  "channels:history":
    "finds its own messages again in public channels, hears that they changed, and hears what is to be done in rooms of incidents",
  "channels:manage": "makes a channel for an incident, names it and brings people in",
  "channels:join": "joins a public channel it is configured for",
  "channels:read": "doctor looks whether a configured public channel is there; hears who joins the room of an incident",
  "chat:write": "answers",
  commands: "the slash command and shortcuts",
  "files:write": "charts and long answers",
  "groups:history": "the same in private channels it was invited to",
  "groups:read": "doctor looks at private channels; hears who joins a private room",
  "groups:write": "makes a private channel for an incident that is kept from others",
  "im:history": "hears direct messages",
  "im:write": "sends what only one person may have",
  "pins:write": "pins the card of an incident in its room",
  "reactions:read": "hears ✅ under a message about alerts, which acknowledges them, and 📌 in the room of an incident",
  "usergroups:read": "roles by user group",
  "users:read": "tells members from guests, bots and deactivated accounts",
};

/** Of use only where incidents have rooms. */
export const roomScopes: readonly string[] = [
  "bookmarks:read",
  "bookmarks:write",
  "channels:manage",
  "groups:write",
  "pins:write",
];

/** The app's manifest, to be pasted where Slack makes an app. With a `url` events come over HTTP, otherwise over sockets. */
export function slackManifest(commands: readonly Command[], url?: string): Record<string, unknown> {
  const address = url === undefined ? undefined : `${url.replace(/\/+$/, "")}${eventsPath}`;
  return {
    display_information: {
      name: "Wardroom",
      description: "Answers about running systems, and operations that need two people.",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "Wardroom", always_online: true },
      shortcuts: commands.flatMap((command) =>
        command.shortcut
          ? [
              {
                name: command.shortcut.title,
                type: "message",
                callback_id: shortcutId(command),
                description: command.summary.slice(0, 150),
              },
            ]
          : [],
      ),
      slash_commands: [
        {
          command: "/ops",
          description: "Ask Wardroom",
          usage_hint: "status | metrics <system> | help",
          should_escape: false,
          ...(address !== undefined && { url: address }),
        },
      ],
    },
    oauth_config: { scopes: { bot: Object.keys(botScopes) } },
    settings: {
      event_subscriptions: {
        ...(address !== undefined && { request_url: address }),
        bot_events: [
          "app_home_opened",
          "app_mention",
          "member_joined_channel",
          "message.channels",
          "message.groups",
          "message.im",
          "reaction_added",
        ],
      },
      interactivity: { is_enabled: true, ...(address !== undefined && { request_url: address }) },
      org_deploy_enabled: false,
      socket_mode_enabled: address === undefined,
      token_rotation_enabled: false,
    },
  };
}

/** Where Slack makes an app, with the manifest filled in. */
export function createLink(manifest: Readonly<Record<string, unknown>>): string {
  return `https://api.slack.com/apps?new_app=1&manifest_json=${encodeURIComponent(JSON.stringify(manifest))}`;
}
