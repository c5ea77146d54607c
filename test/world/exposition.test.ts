import { type Case, dayMs, describeWorld } from "./world.ts";

const metric = (id: string, name: string, more = ""): string =>
  `  - { id: ${id}, title: ${id}, source: { prometheus: { urls: ["URL/m.prom"], name: ${name}${more} } } }\n`;
const threeOf = (name: string, more: string): string =>
  `source: { prometheus: { urls: ["URL/a.prom", "URL/b.prom", "URL/c.prom"], name: ${name}, ${more}across: max } }`;

const cases: readonly Case[] = [
  {
    id: "quoted-label",
    system: `metrics:\n${metric("queue", "app_queue_depth")}`,
    http: {
      "m.prom":
        '# TYPE app_queue_depth gauge\napp_queue_depth 7\nhttp_server_active{"http.route"="/v1/score",method="GET"} 3\n',
    },
    asked: [{ ask: "metrics quoted-label", says: [/queue +7 /] }],
  },
  {
    id: "page-label",
    system: `metrics:\n${metric("q", "queue_depth")}`,
    http: { "m.prom": { body: "queue_depth 4\n", type: "text/html; charset=utf-8" } },
    asked: [{ ask: "metrics page-label", says: [/q +4 /] }],
  },
  {
    id: "gzip-unasked",
    system: `metrics:\n${metric("q", "queue_depth")}`,
    http: { "m.prom": { body: "queue_depth 4\n", gzip: true } },
    asked: [{ ask: "metrics gzip-unasked", says: [/q +4 /] }],
  },
  {
    id: "nan-of-an-idle-instance",
    system: `metrics:
  - { id: p99, title: p99, ${threeOf("rpc_duration_seconds", 'labels: { quantile: "0.99" }, ')} }
  - { id: lagmax, title: lagmax, ${threeOf("queue_lag", "")} }
`,
    http: {
      "a.prom": 'rpc_duration_seconds{quantile="0.99"} 4.2\nqueue_lag 5000\n',
      "b.prom": 'rpc_duration_seconds{quantile="0.99"} NaN\nqueue_lag NaN\n',
      "c.prom": 'rpc_duration_seconds{quantile="0.99"} 0.3\nqueue_lag 1\n',
    },
    asked: [
      { ask: "metrics nan-of-an-idle-instance", says: [/p99 +\S? ?4\.2/, /lagmax +\S? ?5,000/, /b\.prom.*reads NaN/] },
    ],
  },
  {
    id: "same-series-twice",
    system: `metrics:\n${metric("rules", "fw_rule_bytes")}${metric("up", "mount_info")}`,
    http: {
      "m.prom":
        'fw_rule_bytes{rule="a"} 10\nfw_rule_bytes{rule="b"} 5\nfw_rule_bytes{rule="a"} 10\nmount_info{type="ext4",at="/"} 1\nmount_info{type="ext4",at="/"} 1\n',
    },
    asked: [{ ask: "metrics same-series-twice", says: [/rules +15 /, /up +1 /] }],
  },
  {
    id: "stale-stamp",
    system: `metrics:\n${metric("size", "bucket_size_bytes")}${metric("sec", "bucket_size_om")}`,
    http: {
      "m.prom": `bucket_size_bytes{b="x"} 900 ${Date.now() - dayMs}\nbucket_size_om{b="x"} 900 ${(Date.now() - dayMs) / 1_000}\n`,
    },
    asked: [{ ask: "metrics stale-stamp", says: [/size +\? unknown/, /sec +\? unknown/, "too old"] }],
  },
  {
    id: "native-histogram",
    system: `metrics:\n${metric("q", "queue_depth")}${metric("nh", "lat_seconds")}`,
    http: {
      "m.prom":
        "# TYPE queue_depth gauge\nqueue_depth 7\n# TYPE lat_seconds histogram\nlat_seconds {count:17,sum:324.5,schema:5,zero_threshold:0.001,zero_count:0,positive_spans:[0:2],positive_buckets:[9,8]} 1795842000\n# EOF\n",
    },
    asked: [{ ask: "metrics native-histogram", says: [/q +7 /, /nh +\? unknown/] }],
  },
  {
    id: "latin1-label",
    system: `metrics:\n${metric("q", "queue_depth")}`,
    http: {
      "m.prom": {
        body: Buffer.from('queue_depth 7\ndisk_free{label="Donn\u00e9es"} 5\n', "latin1"),
        type: "text/plain; charset=ISO-8859-1",
      },
    },
    asked: [{ ask: "metrics latin1-label", says: [/q +7 /] }],
  },
];

describeWorld(cases);
