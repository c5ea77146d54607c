import { z } from "zod";

/** An address that backends are asked at. */
export const Url = z.url({ protocol: /^https?$/ });

/** A JSON pointer (RFC 6901), for example `/portfolio/daily_pnl`. The empty text is the whole document. */
export const Pointer = z.string().regex(/^(\/.*)?$/, "a JSON pointer starts with /");

/** One plain value. */
export const Scalar = z.union([z.string(), z.number(), z.boolean()]);
export type Scalar = z.output<typeof Scalar>;
