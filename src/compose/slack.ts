import { slackTraits } from "../bot/slack/traits.ts";
import type { Platform } from "./platform.ts";

export const slackPlatform: Platform = {
  traits: slackTraits,
  async open(shared, { access: { slack }, config, app }) {
    if (!slack) return undefined;
    const { createSlackSurface } = await import("../bot/slack/surface.ts");
    return createSlackSurface(shared, { ...slack, ...config.slack, app });
  },
  async examine({ slack }, config, named) {
    if (!slack) return undefined;
    const { examineSlack } = await import("../bot/slack/doctor.ts");
    const { rooms, ...there } = named;
    return examineSlack({ ...slack, ...config.slack, ...there, hasRooms: rooms.length > 0 });
  },
};
