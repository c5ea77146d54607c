import type { Answer, Call } from "./call.ts";
import { guildRoutes } from "./guild.ts";
import { interactionRoutes } from "./interactions.ts";
import { messageRoutes } from "./messages.ts";
import { refuse } from "./refusal.ts";

const routes = [...messageRoutes, ...interactionRoutes, ...guildRoutes];

/** Answers a call to a route; throws `DiscordRefusal`. */
export function answer(method: string, path: string, call: Call): Answer {
  for (const [verb, pattern, handle] of routes) {
    const found = verb === method ? pattern.exec(path) : null;
    if (found) return handle(call, found.slice(1));
  }
  return refuse(404, 0, `404: Not Found ${method} ${path}`);
}
