const scales: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** What a quantity of Kubernetes is as a number: `250m` is 0.25, `64Mi` is 67108864. Nothing and nonsense are 0. */
export function amountOf(quantity: string | number | undefined): number {
  const [, digits = "0", unit = ""] = /^([\d.]+)(n|u|m|k|M|G|Ki|Mi|Gi)?$/.exec(String(quantity ?? 0)) ?? [];
  return Number(digits) * (scales[unit] ?? 0);
}
