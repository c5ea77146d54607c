import type { Config } from "../src/config/load-config.ts";
import { AlertsInFile } from "../src/domain/alerts/routing.ts";
import { IncidentsInFile } from "../src/domain/incidents/incidents-file.ts";
import { OnCallInFile } from "../src/domain/oncall/rotation.ts";
import type { System } from "../src/domain/systems/system.ts";

/** Systems, and one person on the console who may look at all of them. */
export function configOf(systems: readonly System[]): Config {
  return {
    systems,
    secrets: new Map(),
    slack: {},
    discord: {},
    alerts: AlertsInFile.parse({}),
    oncall: OnCallInFile.parse({}),
    digests: [],
    incidents: IncidentsInFile.parse({}),
    history: { everyMs: 3_600_000, keepMs: 3_600_000 },
    policy: {
      revision: "bench",
      people: [{ id: "ana", name: "Ana", accounts: { console: ["ana"] }, grants: [{ role: "viewer", systems: "*" }] }],
      groups: [],
      roles: [{ id: "viewer", may: ["read"] }],
      channels: [
        {
          id: "ops",
          surface: "console",
          channel: "ops",
          systems: "*",
          allow: ["read"],
          requests: false,
          operator: false,
        },
      ],
      direct: { allow: [] },
      tiers: [],
      rules: [],
    },
  };
}
