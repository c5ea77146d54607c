import type { Config } from "../config/load-config.ts";
import type { NamedThere } from "./platform.ts";

/** What the config names of a surface. */
export function namedOn(surface: string, { policy, incidents }: Config): NamedThere {
  return {
    channels: policy.channels.filter((each) => each.surface === surface).map((each) => each.channel),
    rooms: policy.channels
      .filter(({ id, surface: of }) => of === surface && incidents.rooms.includes(id))
      .map((each) => each.channel),
    groups: policy.groups.filter((each) => each.surface === surface).map((each) => each.group),
  };
}
