import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { limitsOf } from "../../../src/domain/alerts/alert-rule.ts";
import type { BackendFault } from "../../../src/domain/failure.ts";
import type { ComponentHealth } from "../../../src/domain/systems/health.ts";
import {
  componentHealth,
  Fact,
  healthOf,
  heldAlike,
  seenThrough,
  toneOfReading,
  worstComponent,
  worstTone,
} from "../../../src/domain/systems/health.ts";

type Weight = ComponentHealth["weight"];

function part(weight: Weight, fault?: BackendFault): ComponentHealth {
  const id = `${weight}-${fault ?? "up"}`;
  const at = { at: 0, latencyMs: 1 };
  return {
    id,
    title: id,
    weight,
    reading: fault ? { ok: false, fault, detail: fault, ...at } : { ok: true, value: { detail: "well" }, ...at },
  };
}

const up = part("critical");
const down: BackendFault = "unreachable";
const unknown: BackendFault = "nonsense";

describe("facts that are to be alike", () => {
  const fact = (id: string, alike?: string) =>
    Fact.parse({
      id,
      title: id,
      ...(alike !== undefined && { alike }),
      severity: "critical",
      source: { backend: "http", spec: {} },
    });
  const facts = [fact("a", "model"), fact("b", "model"), fact("c", "model"), fact("alone")];
  const read = (...values: readonly (string | undefined)[]) =>
    values.map((value, at) => ({
      id: facts[at]?.id ?? "",
      title: "",
      reading:
        value === undefined
          ? { ok: false as const, fault: down, detail: "", at: 0, latencyMs: 1 }
          : { ok: true as const, value, at: 0, latencyMs: 1 },
    }));

  it.each([
    [["v1", "v1", "v1", "x"], []],
    [["v1", "v2", "v2", "x"], [{ id: "a", expected: "v2" }]],
    [["v1", "v2", undefined, "x"], [{ id: "b", expected: "v1" }]],
    [["v1", undefined, undefined, "x"], []],
    [[undefined, "v1", "v2"], [{ id: "c", expected: "v1" }]],
  ])("of %j are told by what most of them say", (values, told) => {
    const differing = heldAlike(facts, read(...values)).filter(({ severity }) => severity !== undefined);
    expect(differing).toEqual(told.map((each) => expect.objectContaining({ ...each, severity: "critical" })));
  });
});

describe("the state of a system", () => {
  it.each([
    ["all up", [up, part("important")], "up"],
    ["nothing to look at", [], "unknown"],
    ["a critical part down", [part("critical", down), part("important")], "down"],
    ["a critical part down, another unknown", [part("critical", down), part("critical", unknown)], "down"],
    ["an important part down", [up, part("important", down)], "degraded"],
    ["a part of little weight down", [up, part("degraded", down)], "degraded"],
    ["a critical part unknown", [part("critical", unknown), part("important")], "unknown"],
    ["an important part unknown", [up, part("important", unknown)], "unknown"],
    [
      "an important part down, a small one unknown",
      [up, part("important", down), part("degraded", unknown)],
      "degraded",
    ],
    ["an important part down, a critical one unknown", [part("important", down), part("critical", unknown)], "unknown"],
  ] as const)("%s", (_what, parts, health) => expect(healthOf(parts, [])).toBe(health));

  it("is degraded by a part that is impaired, whatever its weight, and down or unknown where another part is", () => {
    const impaired = {
      ...up,
      reading: { ...up.reading, ok: true, value: { detail: "limps", impaired: true } },
    } as const;
    expect(componentHealth(impaired)).toBe("degraded");
    expect(healthOf([impaired, up], [])).toBe("degraded");
    expect(healthOf([impaired, part("critical", down)], [])).toBe("down");
    expect(healthOf([impaired, part("critical", unknown)], [])).toBe("unknown");
    expect(healthOf([impaired, part("important", unknown)], [])).toBe("degraded");
    expect(worstComponent([part("important", down), impaired, up])).toBe(impaired);
  });

  it("is degraded by a fact that is critically wrong, and not by a warning", () => {
    expect(healthOf([up], [{ severity: "critical" }])).toBe("degraded");
    expect(healthOf([up], [{ severity: "warning" }])).toBe("up");
    expect(healthOf([part("critical", down)], [{ severity: "critical" }])).toBe("down");
  });

  it.each([
    ["unreachable", "down"],
    ["timeout", "down"],
    ["broken", "down"],
    ["overloaded", "down"],
    ["unauthorised", "unknown"],
    ["missing", "unknown"],
    ["refused", "unknown"],
    ["lost", "unknown"],
    ["nonsense", "unknown"],
    ["unwell", "down"],
  ] as const)("a critical part that is %s makes it %s", (fault, health) =>
    expect(healthOf([part("critical", fault)], [])).toBe(health),
  );

  it("never gets better when a part gets worse", () => {
    const weight = fc.constantFrom<Weight>("critical", "important", "degraded");
    const parts = fc.array(fc.tuple(weight, fc.constantFrom<BackendFault | undefined>(undefined, down)), {
      minLength: 1,
    });
    const rank = { up: 0, degraded: 1, down: 2, unknown: 3 } as const;
    fc.assert(
      fc.property(parts, weight, (some, extra) => {
        const before = some.map(([each, fault]) => part(each, fault));
        expect(rank[healthOf([...before, part(extra, down)], [])]).toBeGreaterThanOrEqual(rank[healthOf(before, [])]);
      }),
    );
  });

  it("names the part that hurts most", () => {
    expect(worstComponent([up])).toBeUndefined();
    expect(worstComponent([part("degraded", down), part("critical", unknown), part("critical", down)])?.id).toBe(
      "critical-unreachable",
    );
  });
});

describe("a part that is seen through another", () => {
  const through = (fault: BackendFault) => componentHealth({ ...part("critical", fault), through: "Trader" });

  it("is down only when the other says so", () => {
    expect(through("unwell")).toBe("down");
    for (const fault of ["unreachable", "timeout", "broken", "overloaded", "nonsense"] as const)
      expect({ fault, is: through(fault) }).toEqual({ fault, is: "unknown" });
  });

  it("is the lighter one of those for which nothing listens at one address", () => {
    const at = (weight: Weight, origin: string, fault: BackendFault = down): ComponentHealth => {
      const bare = part(weight, fault);
      return bare.reading.ok ? bare : { ...bare, reading: { ...bare.reading, cause: { origin, reason: "refused" } } };
    };
    const seen = seenThrough([at("important", "a"), at("critical", "a"), at("important", "b"), at("degraded", "a")]);
    expect(seen.map(componentHealth)).toEqual(["unknown", "down", "down", "unknown"]);
    expect(seen.map(({ through: other }) => other)).toEqual([
      "critical-unreachable",
      undefined,
      undefined,
      "critical-unreachable",
    ]);
    expect(healthOf(seen, [])).toBe("down");
    expect(seenThrough([at("critical", "a", "timeout"), at("critical", "a", "timeout")]).map(componentHealth)).toEqual([
      "down",
      "down",
    ]);
  });
});

describe("a metric against its thresholds", () => {
  const limits = (own: { warn?: number | undefined; critical?: number | undefined; bad: "above" | "below" }) =>
    limitsOf({ id: "m", warn: undefined, critical: undefined, ...own }, []);
  const read = (value: number) => ({ id: "m", reading: { ok: true as const, value, at: 0, latencyMs: 0 } });
  it.each([
    [{ warn: 10, critical: 20, bad: "above" }, 10, "good"],
    [{ warn: 10, critical: 20, bad: "above" }, 10.1, "warning"],
    [{ warn: 10, critical: 20, bad: "above" }, 21, "bad"],
    [{ warn: -2, critical: -3, bad: "below" }, -2, "good"],
    [{ warn: -2, critical: -3, bad: "below" }, -2.5, "warning"],
    [{ warn: -2, critical: -3, bad: "below" }, -4, "bad"],
    [{ critical: 20, bad: "above" }, 15, "good"],
    [{ bad: "above" }, 1e9, "neutral"],
    [{ warn: 10, bad: "above" }, Number.NaN, "unknown"],
  ] as const)("%j at %d is %s", (metric, value, tone) => expect(toneOfReading(limits(metric), read(value))).toBe(tone));

  it("that is only a floor may lie beyond a limit: within one it is unknown, at one it is past it", () => {
    const floor = (value: number) => ({ ...read(value), isFloor: true });
    const high = { warn: 10, critical: 20, bad: "above" } as const;
    const low = { warn: 10, critical: undefined, bad: "below" } as const;
    expect([5, 10, 20].map((value) => toneOfReading(limits(high), floor(value)))).toEqual([
      "unknown",
      "warning",
      "bad",
    ]);
    expect([5, 10].map((value) => toneOfReading(limits(low), floor(value)))).toEqual(["unknown", "good"]);
  });

  it("without one of its instances is unknown within its limits, and past one it is past it", () => {
    const partial = (value: number) => ({
      ...read(value),
      missing: { of: 3, failures: [{ ok: false as const, fault: down, detail: "gone", at: 0, latencyMs: 0 }] },
    });
    const metric = { warn: 10, critical: 20, bad: "above" } as const;
    expect([5, 15, 25].map((value) => toneOfReading(limits(metric), partial(value)))).toEqual([
      "unknown",
      "warning",
      "bad",
    ]);
  });

  it("is unknown when it was not read", () => {
    expect(toneOfReading(limits({ warn: 1, bad: "above" }), undefined)).toBe("unknown");
  });

  it("the worst tone is the one that is certainly bad, then what is not known", () => {
    expect(worstTone(["good", "warning", "unknown"])).toBe("unknown");
    expect(worstTone(["unknown", "bad", "good"])).toBe("bad");
    expect(worstTone([])).toBe("neutral");
  });
});
