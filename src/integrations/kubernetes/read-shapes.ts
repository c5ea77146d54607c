import type { Shape } from "../../domain/conditions/shape.ts";

/** What each reading is of. */
export type ReadOf =
  | "deployments"
  | "statefulsets"
  | "releases"
  | "templates"
  | "kept"
  | "generations"
  | "rollout"
  | "pods";

const images = { image: "data", images: "data" } as const;
const released = {
  uid: "data",
  ...images,
  resources: "data",
  template: "data",
  pinned: "data",
  paused: "data",
  empty: "data",
} as const;
const previous = { fields: { revision: "data", template: "data", ...images, left: "data" } } as const;
const release = { ...released, revision: "data", previous, left: "data" } as const;
const sized = {
  generation: "data",
  replicas: "data",
  hpa: { fields: { name: "data", min: "data", max: "data" } },
} as const;
const rollout = {
  complete: "data",
  desired: "data",
  updated: "data",
  available: "data",
  old: "data",
  stuck: "data",
  other: "data",
  rescaled: "data",
  revision: "data",
  image: "data",
  why: "data",
} as const;

/** What each gives, for `check`: a field that is not here is never read. */
export const readShapes: Readonly<Record<ReadOf, Shape>> = {
  deployments: { each: { fields: { ...release, ...sized } } },
  statefulsets: { each: { fields: { ...released, ...sized } } },
  releases: { each: { fields: release } },
  templates: { each: { fields: released } },
  kept: { each: { each: { fields: { revision: "data", ...images, left: "data" } } } },
  generations: { each: "data" },
  rollout: {
    fields: {
      complete: "data",
      stuck: "data",
      other: "data",
      rescaled: "data",
      empty: "data",
      why: "data",
      of: { each: { fields: rollout } },
    },
  },
  pods: { each: { fields: { uid: "data", node: "data", pinned: "data", controller: "data" } } },
};
