import { ApplicationFlags, GatewayIntentBits } from "discord.js";

/**
 * Privileged intents that rooms of incidents gain from, each with the switch on the application's Bot page, the flags that say
 * that it is on, and what is not heard without it. Developer documentation, Gateway Intents and Application Flags.
 */
export const roomIntents = [
  {
    intent: GatewayIntentBits.MessageContent,
    called: "Message Content",
    switches: ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited,
    without: "what is said in rooms without the bot's name, and what 📌 is put under",
  },
  {
    intent: GatewayIntentBits.GuildMembers,
    called: "Server Members",
    switches: ApplicationFlags.GatewayGuildMembers | ApplicationFlags.GatewayGuildMembersLimited,
    without: "who joins a room",
  },
] as const;
