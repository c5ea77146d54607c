import type { SurfaceTraits } from "../../domain/people/surface.ts";

export const consoleTraits: SurfaceTraits = {
  id: "console",
  name: "console",
  keepsMessages: true,
  accounts: "given",
  hasGroups: false,
  hasRooms: true,
};
