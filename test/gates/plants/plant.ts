/** A line or two put into a file that is there, before or after a text that stands in it once. */
export interface Edit {
  readonly path: string;
  readonly at: string;
  readonly before?: string;
  readonly after?: string;
}

/** A change, as somebody who makes it writes it. */
export interface Plant {
  /** The change as the table of costs in ARCHITECTURE.md names it. */
  readonly change: string;
  /** The section of CONTRIBUTING.md that says how it is made. */
  readonly heading: string;
  /** What `<name>` is in the table's paths. */
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly edits: readonly Edit[];
  /** Files that a script writes anew. */
  readonly generated?: readonly string[];
}

const at = "// The planted change begins here.\n";

const command: Plant = {
  change: "a command",
  heading: "A command",
  name: "greet",
  files: {
    "src/commands/greet.ts": `import { z } from "zod";
import { defineCommand } from "../domain/commands/command.ts";

export const greet = defineCommand({
  name: "greet",
  summary: "Says hello",
  permission: "read",
  examples: ["greet Ana"],
  input: z.object({ who: z.string().max(40).meta({ label: "Who", help: "Who is greeted", positional: true }) }),
  run: async ({ who }) => ({ card: { tone: "good", title: \`Hello \${who}\`, blocks: [] } }),
});
`,
    "test/commands/greet.test.ts": at,
  },
  edits: [
    {
      path: "src/commands/index.ts",
      at: 'import { help } from "./help.ts";\n',
      before: 'import { greet } from "./greet.ts";\n',
    },
    { path: "src/commands/index.ts", at: "  help,\n", after: "  greet,\n" },
  ],
};

const backend: Plant = {
  change: "a backend behind ports that are there",
  heading: "A backend",
  name: "dice",
  files: {
    "src/integrations/dice/dice.ts": `import { z } from "zod";
import { type Backend, serve } from "../../domain/systems/backend.ts";

/** Always throws the highest number. */
export const diceBackend: Backend = {
  name: "dice",
  metric: serve(z.strictObject({ dice: z.strictObject({ sides: z.int() }) }), async ({ dice }) => ({
    value: dice.sides,
  })),
};
`,
    "test/integrations/dice/dice.test.ts": at,
  },
  edits: [
    {
      path: "src/compose/world.ts",
      at: "import { filesBackend }",
      before: 'import { diceBackend } from "../integrations/dice/dice.ts";\n',
    },
    { path: "src/compose/world.ts", at: "filesBackend()", after: ", diceBackend" },
  ],
  generated: ["schema/system.json"],
};

const operation: Plant = {
  change: "an operation of a system",
  heading: "An operation",
  name: "wind-down",
  files: {},
  edits: [
    {
      path: "systems/alphapulse.yaml",
      at: "operations:\n",
      after: `  wind-down:
    summary: Wind it down by hand
    risk: destructive
    short: true
    steps: [{ id: note, title: Wind it down, note: Ask the desk. }]
`,
    },
  ],
};

const surface: Plant = {
  change: "a surface",
  heading: "A surface",
  name: "pager",
  files: {
    "src/bot/pager/traits.ts": `import type { SurfaceTraits } from "../../domain/people/surface.ts";

export const pagerTraits: SurfaceTraits = {
  id: "pager",
  name: "Pager",
  keepsMessages: true,
  accounts: "given",
  hasGroups: false,
  hasRooms: false,
};
`,
    "src/bot/pager/surface.ts": `import type { ChatSurface, ChatSurfaceParts } from "../surface.ts";

/** Asks one command when it starts, and writes its answer to the log. */
export function createPagerSurface({ bot, log }: ChatSurfaceParts, access: { readonly token: string }): ChatSurface {
  const ref = { surface: "pager", channel: "desk", id: "1" };
  return {
    courier: { surface: "pager", post: async () => ref, edit: async () => ref },
    directory: { standing: async () => ({ ok: true, groups: [] }) },
    start() {
      void bot.handle({
        id: "page-1",
        account: { surface: "pager", id: access.token },
        place: { surface: "pager", channel: "desk" },
        content: { kind: "text", text: "greet Pager" },
        respond: async ({ card }) => {
          log.info("paged", { title: card.title });
          return ref;
        },
        form: async () => {},
      });
    },
    stop: async () => {},
    deaf: () => undefined,
  };
}
`,
    "src/compose/pager.ts": `import { pagerTraits } from "../bot/pager/traits.ts";
import type { Platform } from "./platform.ts";

export const pagerPlatform: Platform = {
  traits: pagerTraits,
  async open(shared, { access: { pager } }) {
    if (!pager) return undefined;
    const { createPagerSurface } = await import("../bot/pager/surface.ts");
    return createPagerSurface(shared, pager);
  },
  examine: async ({ pager }) => (pager ? [] : undefined),
};
`,
    "test/bot/pager/pager.test.ts": at,
  },
  edits: [
    {
      path: "src/compose/known-surfaces.ts",
      at: "import { slackPlatform }",
      before: 'import { pagerPlatform } from "./pager.ts";\n',
    },
    { path: "src/compose/known-surfaces.ts", at: "[slackPlatform, ", after: "pagerPlatform, " },
    {
      path: "src/config/environment.ts",
      at: "  readonly discord: DiscordAccess | undefined;\n",
      after: "  readonly pager?: { readonly token: string } | undefined;\n",
    },
    {
      path: "src/config/environment.ts",
      at: "  DISCORD_API_URL: Url.optional(),\n",
      after: "  PAGER_TOKEN: Token.optional(),\n",
    },
    {
      path: "src/config/environment.ts",
      at: "  DISCORD_API_URL: { form:",
      before: '  PAGER_TOKEN: { form: "a token", example: "…" },\n',
    },
    {
      path: "src/config/environment.ts",
      at: "    discord: discordAccess(known),\n",
      after: "    pager: known.PAGER_TOKEN === undefined ? undefined : { token: known.PAGER_TOKEN },\n",
    },
    { path: ".env.example", at: "# DISCORD_TOKEN=\n", after: "\n# Pager: the token of the desk.\n# PAGER_TOKEN=\n" },
    {
      path: "scripts/layers.ts",
      at: "  discord: { folder:",
      before: '  pager: { folder: "src/bot/pager", imports: surface },\n',
    },
  ],
  generated: ["schema/wardroom.json", "schema/people.json"],
};

export const plants: readonly Plant[] = [command, operation, backend, surface];
