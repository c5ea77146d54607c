import type { About } from "./call.ts";
import { withoutContent } from "./wire.ts";
import { fieldsOf, permissionBits, type World } from "./world.ts";

const bits = {
  guilds: 1,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  directMessages: 1 << 12,
  directMessageReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** Whether an application may identify with these intents: the privileged ones have to be switched on. */
export function mayIdentify(
  wanted: number,
  on: { readonly all: boolean; readonly messageContent: boolean; readonly guildMembers: boolean },
): boolean {
  if (on.all) return true;
  const privileged =
    bits.guildPresences | (on.guildMembers ? 0 : bits.guildMembers) | (on.messageContent ? 0 : bits.messageContent);
  return (wanted & privileged) === 0;
}

/** What a session with these intents is told of something; undefined when it is told nothing. */
export function shownTo(
  session: { readonly intents: number },
  data: unknown,
  { about, world }: { readonly about: About; readonly world: World },
): unknown {
  switch (about.kind) {
    case "any":
      return data;
    // Without the intent an application is told of itself alone, which is not what this is about.
    case "members":
      return (session.intents & bits.guilds) > 0 && (session.intents & bits.guildMembers) > 0 ? data : undefined;
    case "guild":
      return (session.intents & bits.guilds) > 0 ? data : undefined;
    case "reaction":
    case "message": {
      const message = world.messages.findLast((each) => each.id === about.message);
      const channel = message && world.channels.get(message.channel);
      if (!message || !channel) return undefined;
      const [direct, guild] =
        about.kind === "reaction"
          ? [bits.directMessageReactions, bits.guildMessageReactions]
          : [bits.directMessages, bits.guildMessages];
      const wanted = channel.type === 1 ? direct : guild;
      const seen = (world.permissionsIn(channel) & permissionBits.viewChannel) !== 0n;
      if ((session.intents & wanted) === 0 || !seen) return undefined;
      const whole = (session.intents & bits.messageContent) > 0 || !("content" in fieldsOf(data));
      return whole ? data : withoutContent(fieldsOf(data), message, world);
    }
  }
}
