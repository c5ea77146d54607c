import type { z } from "zod";
import type { HttpConnection } from "../../domain/systems/http-connection.ts";
import type { Evaluated, EvaluatedSeries, Expression } from "../../domain/systems/metrics.ts";
import type { Look, Taken } from "../../domain/systems/reading.ts";
import { redact } from "../../domain/text/redact.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";
import { gridFrom, mostLines, numberPoints } from "./query.ts";
import { evaluateInDoubt, fault, type Labels, type Result, seriesName } from "./server.ts";

/** PromQL that somebody has just thought of: its value now, or its course. Throws BackendError. */
export async function askExpression(
  http: Http,
  connection: z.output<typeof HttpConnection>,
  { text, from, ...look }: Look & Expression,
): Promise<Taken<Evaluated>> {
  const { result, url, at, doubts } = await evaluateInDoubt(
    http,
    { server: { ...connection, query: text }, ...(from !== undefined && { grid: gridFrom(from) }) },
    look,
  );
  const all = seriesIn(result, { url, isCourse: from !== undefined });
  // Some lines of a picture would look like all of them; a list says how many there are.
  if (from !== undefined && all.length > mostLines)
    throw fault(url, "nonsense", `gave ${all.length} lines, more than ${mostLines}: sum them, or ask for topk(5, …)`);
  return { value: { series: all.slice(0, mostLines), found: all.length, doubts }, at };
}

function seriesIn(
  result: Result,
  { url, isCourse }: { readonly url: Endpoint; readonly isCourse: boolean },
): readonly EvaluatedSeries[] {
  switch (result.resultType) {
    case "scalar":
    case "string":
      return [{ name: "", value: redact(result.result[1]), samples: [] }];
    case "vector":
      return result.result.map(({ metric, value }) => ({ name: wholeName(metric), value: value?.[1], samples: [] }));
    case "matrix":
      if (!isCourse)
        throw fault(url, "nonsense", "gave a range, which is no value: take it over the range, as with rate(…[5m])");
      return result.result.map(({ metric, values = [] }) => ({
        name: wholeName(metric),
        value: values.at(-1)?.[1],
        samples: numberPoints(values),
      }));
  }
}

/** `up{job="api"}`: also the name, as an expression may give several metrics. */
function wholeName(labels: Labels): string {
  const told = seriesName(labels);
  return redact(`${labels["__name__"] ?? ""}${told === "" ? "" : `{${told}}`}`);
}
