import type { SurfaceTraits } from "../../domain/people/surface.ts";

export const slackTraits: SurfaceTraits = {
  id: "slack",
  name: "Slack",
  keepsMessages: true,
  accounts: "platform",
  hasGroups: true,
};
