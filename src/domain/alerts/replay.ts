import type { Episode } from "./episode.ts";
import { labelledEpisode } from "./labelled-alert.ts";
import { type Post, routeAlert } from "./route-alert.ts";
import type { Routing } from "./routing.ts";

/** What a route would have done with alerts of a time that is over. */
export interface ReplayedRoute {
  readonly route: string;
  readonly shadow: boolean;
  /** How many it would have told, how many it would have kept back for its hours, windows or verbosity, and on how many messages. */
  readonly told: number;
  readonly muted: number;
  readonly messages: number;
  /** Ids of channels, with how many alerts each would have been told. */
  readonly channels: ReadonlyMap<string, number>;
  /** Some of what it would have told, the newest first. */
  readonly some: readonly Episode[];
}

/** What rules would have done with alerts of a time that is over, each as of when it was first told of. */
export interface Replayed {
  /** In the order in which they are asked. */
  readonly routes: readonly ReplayedRoute[];
  readonly episodes: number;
  /** How many would have been told by no route, and so to the operators. */
  readonly toOperators: number;
}

const mostNamed = 5;

/** Episodes the newest first. What hid one of them behind another at that time is not looked for, nor who had silenced what. */
export function replayed(routing: Routing, episodes: readonly Episode[]): Replayed {
  const decided = episodes.map((episode) => ({
    episode,
    decision: routeAlert(routing, labelledEpisode(episode), episode.firstAt),
  }));
  const routes = routing.routes.map(({ id, shadow }): ReplayedRoute => {
    const verdicts = decided.flatMap(({ episode, decision }) =>
      decision.verdicts.filter(({ route }) => route === id).map((verdict) => ({ episode, ...verdict })),
    );
    const told = verdicts.filter(({ outcome }) => outcome === "told");
    const channels = Map.groupBy(
      told.flatMap(({ post }) => post?.channels ?? []),
      (channel) => channel,
    );
    return {
      route: id,
      shadow,
      told: told.length,
      muted: verdicts.filter(({ outcome }) => outcome === "muted").length,
      messages: messagesOf(told.flatMap(({ post }) => post ?? [])),
      channels: new Map([...channels].map(([channel, all]) => [channel, all.length])),
      some: told.slice(0, mostNamed).map(({ episode }) => episode),
    };
  });
  return {
    routes,
    episodes: episodes.length,
    toOperators: decided.filter(({ decision }) => decision.toOperators).length,
  };
}

/** A message for each channel and group. Of one route all groups have the same labels in the same order, but for those by all labels. */
function messagesOf(posts: readonly Post[]): number {
  const names = posts.flatMap(({ channels, group }) => {
    const labels = Object.entries(group)
      .map(([name, value]) => JSON.stringify([name, value]))
      .toSorted((a, b) => (a < b ? -1 : 1));
    return channels.map((channel) => JSON.stringify([channel, labels]));
  });
  return new Set(names).size;
}
