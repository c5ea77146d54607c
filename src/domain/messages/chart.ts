import type { Sample } from "../systems/metrics.ts";
import type { DigestPicture } from "./digest-picture.ts";

/** More lines than this are not told apart in one picture. */
export const mostDrawnLines = 6;

export interface ChartSpec {
  readonly title: string;
  readonly unit: string;
  readonly series: readonly { readonly name: string; readonly samples: readonly Sample[] }[];
  readonly from: number;
  readonly to: number;
  readonly thresholds: readonly { readonly label: string; readonly value: number; readonly tone: "warning" | "bad" }[];
  readonly timezone?: string;
}

export interface Charts {
  /** A PNG, light background, threshold lines drawn in, the newest value marked. */
  draw(chart: ChartSpec): Promise<Uint8Array>;
  /** The same of what a digest shows at a glance. */
  drawDigest(picture: DigestPicture): Promise<Uint8Array>;
}
