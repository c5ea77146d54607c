import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPointer, describe as tell } from "../../../src/domain/systems/read-pointer.ts";

describe("a JSON pointer", () => {
  it("finds every value of every document", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (document) => {
        const walk = (value: unknown, pointer: string): void => {
          expect(readPointer(document, pointer)).toEqual({ present: true, value });
          if (typeof value !== "object" || value === null) return;
          for (const [key, inner] of Object.entries(value))
            walk(inner, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`);
        };
        walk(document, "");
      }),
    );
  });

  it("never fails, whatever it is asked", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (document, pointer) => {
        expect(typeof readPointer(document, `/${pointer}`).present).toBe("boolean");
      }),
    );
  });

  it.each([
    "/constructor",
    "/toString",
    "/__proto__",
    "/list/length",
    "/list/-",
    "/list/01",
    "/list/-1",
    "/list/1",
    "/text/0",
    "/text/length",
    "/none/deeper",
    "list",
  ])("%s is absent from a document that does not hold it", (pointer) => {
    expect(readPointer({ list: ["x"], text: "abc", none: null }, pointer)).toEqual({ present: false });
  });

  it("finds a key that is called like a part of every object, when the document has it", () => {
    const document: unknown = JSON.parse('{"__proto__": {"constructor": 1}}');
    expect(readPointer(document, "/__proto__/constructor")).toEqual({ present: true, value: 1 });
  });

  it("tells null from nothing", () => {
    expect(readPointer({ a: null }, "/a")).toEqual({ present: true, value: null });
    expect(tell(readPointer({ a: null }, "/a"))).toBe("null");
    expect(tell(readPointer({}, "/a"))).toBe("nothing");
    expect(tell({ present: true, value: "x".repeat(500) }).length).toBeLessThan(70);
    expect(tell({ present: true, value: "token=ghp_abcdefghijklmnop1234" })).not.toContain("ghp_abcdefghijklmnop1234");
  });
});
