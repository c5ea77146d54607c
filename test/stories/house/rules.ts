import type { Config } from "../../../src/config/load-config.ts";
import type { Person } from "../../../src/domain/people/person.ts";
import type { Channel } from "../../../src/domain/people/policy.ts";

/** Who is who on both platforms, by the ids that the fake platforms gave them. */
export interface Ids {
  readonly slack: Readonly<Record<string, string>>;
  readonly discord: Readonly<Record<string, string>>;
}

/** Ana asks, Boris approves, Chen leads and administers, Dana only looks. */
export const names = ["ana", "boris", "chen", "dana"] as const;
export type Name = (typeof names)[number];

const everything: Channel["allow"] = ["read", "query", "respond", "ask", "approve", "stop", "audit", "administer"];

/** The demo's rules, with the channels and accounts of both platforms in place of the console's. */
export function rulesFor(config: Config, ids: Ids): Config {
  const { policy } = config;
  const onBoth = (id: string, rest: Partial<Channel>): Channel[] =>
    (["slack", "discord"] as const).flatMap((surface) => {
      const channel = ids[surface][id];
      const rules = { systems: "*" as const, allow: everything, requests: false, operator: false, ...rest };
      return channel === undefined ? [] : [{ id: `${surface}-${id}`, surface, channel, ...rules }];
    });
  return {
    ...config,
    policy: {
      ...policy,
      revision: `${policy.revision}-house`,
      roles: policy.roles.map((role) => (role.id === "lead" ? { ...role, may: [...role.may, "administer"] } : role)),
      people: policy.people.map((person) => withAccounts(person, ids)),
      channels: [
        ...onBoth("ops", { title: "Everything that runs", requests: true }),
        ...onBoth("quiet", { title: "Look, but do not touch", allow: ["read"] }),
        ...onBoth("desk", { title: "The operators' desk", operator: true }),
      ],
      direct: { allow: ["read", "query"] },
    },
  };
}

function withAccounts(person: Person, ids: Ids): Person {
  const [slack, discord] = [ids.slack[person.id], ids.discord[person.id]];
  return { ...person, accounts: { ...(slack && { slack: [slack] }), ...(discord && { discord: [discord] }) } };
}
