import type { Decision } from "../../../src/domain/approvals/request.ts";
import type { Policy } from "../../../src/domain/people/policy.ts";
import type { Bench } from "./request-bench.ts";

/** Counted by hand, as the tier says it, without the matching that is under trial. */
export function mayRun(yes: readonly Decision[], current: Policy, { standings }: Bench): boolean {
  const sound = yes.filter(({ account }) => (standings.get(account) ?? { ok: true }) !== "silent");
  const counted = sound.filter(({ account }) => {
    const said = standings.get(account);
    return said === undefined || (said !== "silent" && said.ok);
  });
  const said = standings.get("slack:U-gina");
  const gina = said !== undefined && said !== "silent" && said.ok && said.groups.includes("S1");
  const boris = current.people.some((each) => each.id === "boris" && each.grants[0]?.role === "approver");
  const approvers = counted.filter(
    (each) =>
      (each.person === "boris" && boris) ||
      (each.person === "gina" && gina) ||
      (each.person === "emil" && each.channel === "ops"),
  );
  const lead = counted.some((each) => each.person === "chen");
  return sound.length === yes.length && approvers.length + (lead ? 1 : 0) >= 2 && approvers.length >= 1;
}
