import { standingApprovals } from "../../domain/approvals/request.ts";
import type { DoneBy } from "../../domain/commands/command.ts";
import type { ReadRequest } from "../../records/request.ts";

/** Whoever asked, and by name those who agreed: what is done for them is done once under the key of its step. */
export function agreedBy({ request, sealed: { requester } }: ReadRequest, key: string): DoneBy {
  const { person, name, account } = requester;
  const others = standingApprovals(request).map((each) => each.name);
  return { person, account, name: [name, ...others].join(" and "), invocation: key };
}
