import base from "./vitest.config.ts";
export default {
  ...base,
  test: {
    ...base.test,
    projects: undefined,
    name: "iso",
    isolate: false,
    maxWorkers: 2,
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/forget-secrets.ts"],
  },
};
