import type { SurfaceTraits } from "../../domain/people/surface.ts";

export const discordTraits: SurfaceTraits = {
  id: "discord",
  name: "Discord",
  keepsMessages: true,
  accounts: "platform",
  hasGroups: true,
};
