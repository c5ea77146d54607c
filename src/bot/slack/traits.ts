import type { SurfaceTraits } from "../../domain/people/surface.ts";

export const slackTraits: SurfaceTraits = {
  id: "slack",
  name: "Slack",
  keepsMessages: true,
  accounts: "platform",
  hasGroups: true,
  hasRooms: true,
  limits: {
    name: /^[^\s]{1,200}$/,
    // The title of a form.
    commandName: 24,
    commands: Number.POSITIVE_INFINITY,
    fields: 100,
    formFields: 100,
    label: 2_000,
    help: 2_000,
    choices: 100,
    choice: 75,
    whole: Number.POSITIVE_INFINITY,
  },
};
