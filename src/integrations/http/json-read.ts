import { z } from "zod";
import { describe, readPointer } from "../../domain/systems/read-pointer.ts";
import { closeReadKind, type ReadKind } from "../../domain/systems/reads.ts";
import { Pointer } from "../../domain/systems/values.ts";
import { wholeAddress } from "../wire/address.ts";
import { Endpoint, endpointArguments, fillEndpoint } from "../wire/endpoint.ts";
import { documentFault } from "./document-fault.ts";
import type { Rounds } from "./rounds.ts";

/** What stands at a place of a JSON document, whatever its shape. */
const JsonRead = z.strictObject({ url: Endpoint, path: Pointer.default("") });

export function jsonRead(rounds: Rounds): ReadKind {
  return closeReadKind<z.output<typeof JsonRead>>({
    kind: "json",
    schema: JsonRead,
    placeholders: ({ url }) => endpointArguments(url).map((name) => ({ name, inAddress: true })),
    resolve: ({ url, path }, values) => ({ url: fillEndpoint(url, values), path }),
    describe: ({ url, path }) => `GET ${wholeAddress(url)}${path === "" ? "" : ` at ${path}`}`,
    async read({ url, path }, look) {
      const answer = await rounds.document(url, look);
      const pointed = readPointer(answer.body, path);
      if (!pointed.present) throw documentFault(url, "nonsense", `: ${path} is ${describe(pointed)}`);
      return { value: z.json().parse(pointed.value), at: answer.at };
    },
  });
}
