import { stringify } from "yaml";
import { knownSurfaces } from "../compose/known-surfaces.ts";
import { surfaceName } from "../domain/people/surface.ts";

/** Who is to be heard on a platform, and where. */
export interface Given {
  readonly surface: "slack" | "discord";
  readonly user: string;
  readonly channel: string;
}

/** Whose config it is. */
export interface Owner {
  /** The person's id in people.yaml; the only one there when left out. */
  readonly person?: string | undefined;
  readonly name: string;
}

const everything = ["read", "query", "respond", "ask", "approve", "stop", "audit", "administer"];

/** The channel where a platform's people work. */
export function channelEntry({ surface, channel }: Given): Record<string, unknown> {
  return {
    id: `${surface}-ops`,
    title: `Operations on ${surfaceName(knownSurfaces, surface)}`,
    surface,
    channel,
    systems: "*",
    allow: everything,
    requests: true,
    operator: true,
  };
}

/** Rights that stand in two places are two: who changes one of them means that one. */
export const plain = { aliasDuplicateObjects: false };

/** `wardroom.yaml` to begin with: the owner may do everything, and whatever destroys needs a second person. */
export function wardroomYaml(given: readonly Given[]): string {
  const terminal = {
    id: "terminal",
    title: "The terminal",
    surface: "terminal",
    channel: "terminal",
    systems: "*",
    allow: everything,
  };
  const file = {
    version: 1,
    roles: [
      { id: "viewer", title: "Viewer", may: ["read"] },
      { id: "operator", title: "Operator", may: ["read", "query", "respond", "ask"] },
      { id: "approver", title: "Approver", may: ["read", "respond", "approve", "audit"] },
      { id: "lead", title: "On-call lead", may: everything },
    ],
    channels: [...given.map(channelEntry), terminal],
    direct: { allow: ["read", "query"] },
    policy: {
      tiers: [
        { id: "notice", alternatives: [] },
        { id: "critical", alternatives: [[{ role: "approver" }], [{ role: "lead" }]], decideBy: "15m", window: "5m" },
      ],
      rules: [
        { risk: "destructive", tier: "critical" },
        { risk: "change", direction: "increases", tier: "critical" },
        { risk: "change", tier: "notice" },
      ],
    },
    demoSystems: true,
  };
  return `# Where the bot listens, who may do what, and who has to agree. Check it with: npx --no wardroom check\n${stringify(file, plain)}`;
}

/** `people.yaml` to begin with: the owner alone. */
export function peopleYaml(given: readonly Given[], { name }: Owner): string {
  const accounts = { ...Object.fromEntries(given.map(({ surface, user }) => [surface, [user]])), terminal: ["owner"] };
  const owner = { id: "owner", name, accounts, grants: [{ role: "lead", systems: "*" }] };
  return `# Who is who, by the platforms' own ids. Destructive operations need a second person: add one with the role approver.\n${stringify({ people: [owner] }, plain)}`;
}
