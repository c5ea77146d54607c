import { describe, expect, it } from "vitest";
import { neverFits, Selector, selected, showSelector } from "../../../src/integrations/prometheus-text/selector.ts";

const series = ["200", "404", "500", "503"].map((status) => ({ labels: { status, path: `/${status}` }, value: 1 }));

function found(selector: Selector): (string | undefined)[] {
  return selected(series, Selector.parse(selector)).map(({ labels }) => labels["status"]);
}

describe("a selector of series", () => {
  it.each([
    [{ status: "500" }, ["500"]],
    [{ status: "5xx" }, ["500", "503"]],
    [{ status: "5" }, []],
    ['status="500"', ["500"]],
    ['{status="500"}', ["500"]],
    ["status='500'", ["500"]],
    ['status!="500"', ["200", "404", "503"]],
    ['status!="5xx"', ["200", "404"]],
    ['status=~"5.."', ["500", "503"]],
    ['status=~"5"', []],
    ['status=~"200|404"', ["200", "404"]],
    ['status!~"5..|404"', ["200"]],
    ['status=~"5..", path!="/500"', ["503"]],
    ['other=""', ["200", "404", "500", "503"]],
    ['other!="x"', ["200", "404", "500", "503"]],
    ['other=~".+"', []],
  ] as const)("%j takes %j, as in PromQL", (selector, statuses) => expect(found(selector)).toEqual(statuses));

  it.each(["", "status", "status=500", 'status="500" path="/"', 'status=~"("', 'status=="500"'])("%j is none", (text) =>
    expect(Selector.safeParse(text).success).toBe(false),
  );

  it("in a map is not taken for a value that looks like one", () => {
    expect(Selector.safeParse({ status: "=~5.." }).success).toBe(false);
    expect(showSelector({ status: "5xx" })).toBe('{status="5xx"}');
  });
});

describe("what a selector can never fit is told from what has not come yet", () => {
  const seen = (...values: readonly string[]) => values.map((status) => ({ labels: { status }, value: 1 }));
  it.each([
    [seen("200", "404"), { status: "5xx" }, undefined],
    [seen("200"), 'status=~"5.."', undefined],
    [seen("2xx", "3xx"), { status: "5xx" }, undefined],
    [seen("ok"), 'status!="ok"', undefined],
    [seen("ok", "failed"), { status: "5xx" }, 'has no series with status="5xx"; status is "ok", "failed"'],
    [seen("200"), { status: "error" }, 'has no series with status="error"; status is "200"'],
    [seen("2xx"), { status: "500" }, 'has no series with status="500"; status is "2xx"'],
    [seen("200"), { code: "500" }, "has no label code"],
  ] as const)("%j against %j", (all, selector, said) => expect(neverFits(all, selector)).toBe(said));
});
