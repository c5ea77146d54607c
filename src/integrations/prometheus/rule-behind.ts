import { z } from "zod";
import type { HttpConnection } from "../../domain/systems/http-connection.ts";
import type { RuleExpression } from "../../domain/systems/metrics.ts";
import type { Look } from "../../domain/systems/reading.ts";
import type { Http } from "../wire/http.ts";
import { judgedBy } from "./judged.ts";
import { dataOf, endpointOf } from "./server.ts";

const Rules = z.object({
  groups: z.array(z.object({ rules: z.array(z.object({ type: z.string(), query: z.string() })) })),
});

/**
 * What the alerting rule judges that a `generatorURL` leads to; undefined where it leads to none of this server's. Only what the
 * server itself evaluates all the time is asked of it: whoever posts an alert chooses no expression. Throws BackendError.
 */
export async function readRuleBehind(
  http: Http,
  connection: HttpConnection,
  { link, ...look }: Look & { readonly link: string },
): Promise<RuleExpression | undefined> {
  const expression = URL.parse(link)?.searchParams.get("g0.expr");
  if (!expression) return undefined;
  const url = endpointOf(connection, { path: "/api/v1/rules", parameters: { type: "alert" } });
  const { data } = await dataOf(http, url, Rules, look);
  const isKnown = data.groups.some(({ rules }) =>
    rules.some(({ type, query }) => type === "alerting" && query === expression),
  );
  return isKnown ? judgedBy(expression) : undefined;
}
