import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import { kubeResources } from "../../../src/integrations/kubernetes/resources.ts";

const Texts = z.array(z.string());
const Roles = z.array(
  z.object({ rules: z.array(z.object({ apiGroups: Texts, resources: Texts, verbs: Texts })).default([]) }),
);

it("the shipped manifest gives every right that is used, and no other", () => {
  const text = readFileSync("docs/kubernetes-rbac.yaml", "utf8");
  const documents: unknown[] = parseAllDocuments(text).map((each): unknown => each.toJSON());
  const given = Roles.parse(documents).flatMap(({ rules }) =>
    rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource} of "${group}"`)),
      ),
    ),
  );
  // Whoever may reach a cluster may ask what it may do.
  const { selfsubjectaccessreviews: _, ...granted } = kubeResources;
  const used = Object.entries(granted).flatMap(([resource, { group, verbs }]) =>
    verbs.map((verb) => `${verb} ${resource.split(".")[0]} of "${group}"`),
  );
  expect(given.toSorted()).toEqual(used.toSorted());
});
