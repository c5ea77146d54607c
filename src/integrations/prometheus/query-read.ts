import type { z } from "zod";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import type { StepValue } from "../../domain/systems/steps.ts";
import { redact } from "../../domain/text/redact.ts";
import { addressOf } from "../wire/address.ts";
import type { Endpoint } from "../wire/endpoint.ts";
import type { Http } from "../wire/http.ts";
import { numberIn, Query, seriesNow } from "./query.ts";
import { endpointOf, fault, type Labels, ofServer, seriesName } from "./server.ts";

const QueryRead = ofServer({ query: Query });

/** A query as data: a number where it gives one without labels, else a number for each value of its label. */
export function queryRead(http: Http): ReadKind {
  return closeReadKind<z.output<typeof QueryRead>>({
    kind: "prometheus",
    schema: QueryRead,
    placeholders: () => [],
    resolve: (spec) => spec,
    describe: (spec) => `${redact(spec.query)} of ${addressOf(endpointOf(spec, { path: "" })).host}`,
    async read(spec, look) {
      const { url, at, series } = await seriesNow(http, spec, look);
      const [first] = series;
      if (first && series.length === 1 && seriesName(first.metric) === "") return { value: numberIn(url, first), at };
      const key = keyFor(series.map(({ metric }) => metric));
      return {
        value: byKey(
          url,
          series.map((each) => [key(each.metric), numberIn(url, each)] as const),
        ),
        at,
      };
    },
  });
}

/** The value of the label where all have the same one and no other, else all labels: `job="a", zone="b"`. */
function keyFor(all: readonly Labels[]): (labels: Labels) => string {
  const names = new Set(all.flatMap((labels) => Object.keys(labels).filter((name) => name !== "__name__")));
  const [only = ""] = names;
  const isAlone = names.size === 1 && all.every((labels) => Object.hasOwn(labels, only));
  return isAlone ? (labels) => labels[only] ?? "" : seriesName;
}

/** Two that would stand under one key would hide each other. Throws BackendError. */
function byKey(url: Endpoint, entries: readonly (readonly [string, number])[]): StepValue {
  const keys = new Set(entries.map(([key]) => key));
  if (keys.size < entries.length)
    throw fault(url, "nonsense", "gave several series with the same labels: ask by a label that tells them apart");
  return Object.fromEntries(entries);
}
