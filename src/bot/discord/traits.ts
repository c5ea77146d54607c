import type { SurfaceTraits } from "../../domain/people/surface.ts";

export const discordTraits: SurfaceTraits = {
  id: "discord",
  name: "Discord",
  keepsMessages: true,
  accounts: "platform",
  hasGroups: true,
  hasRooms: true,
  limits: {
    name: /^[a-z0-9_-]{1,32}$/,
    commandName: 32,
    commands: 100,
    fields: 25,
    formFields: 5,
    label: 45,
    help: 100,
    choices: 25,
    choice: 100,
    whole: 8_000,
  },
};
