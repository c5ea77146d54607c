import type { SurfaceTraits } from "../../domain/people/surface.ts";

export const terminalTraits: SurfaceTraits = {
  id: "terminal",
  name: "terminal",
  keepsMessages: false,
  accounts: "given",
  hasGroups: false,
  hasRooms: false,
};
