import { expect, it } from "vitest";
import { withShortDigests } from "../../src/cards/short-digests.ts";

const image = `registry.shop.org/api@sha256:${"ab".repeat(32)}`;

it("a digest is read by its start, wherever it is read and not typed", () => {
  const short = "registry.shop.org/api@sha256:abababababab…";
  expect(withShortDigests({ kind: "text", text: `${image} to ${image}` })).toEqual({
    kind: "text",
    text: `${short} to ${short}`,
  });
  expect(withShortDigests({ kind: "list", items: [{ text: image, tone: "good" }] })).toEqual({
    kind: "list",
    items: [{ text: short, tone: "good" }],
  });
  expect(withShortDigests({ kind: "fields", fields: [{ name: "Image", value: image }] })).toEqual({
    kind: "fields",
    fields: [{ name: "Image", value: short }],
  });
  expect(withShortDigests({ kind: "code", text: image })).toEqual({ kind: "code", text: image });
  expect(withShortDigests({ kind: "text", text: `SHA-256 ${"ab".repeat(32)}` })).toMatchObject({
    text: `SHA-256 ${"ab".repeat(32)}`,
  });
});
