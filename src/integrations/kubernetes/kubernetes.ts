import { type Backend, serve } from "../../domain/systems/backend.ts";
import { closeStepKind } from "../../domain/systems/steps.ts";
import { createKube } from "./api.ts";
import { clusterCertificates } from "./certificates.ts";
import { KubernetesConnection } from "./connection.ts";
import { checkWorkload, KubernetesHealth } from "./health.ts";
import { clusterAccesses } from "./kubeconfig.ts";
import { examineKubeconfigs } from "./kubeconfig-files.ts";
import { KubernetesLog, readPodLogs } from "./logs.ts";
import { KubernetesQuery, queryNamespace } from "./query.ts";
import { examineRights } from "./rights.ts";
import { stateRead } from "./state-read.ts";
import { kubernetesStep } from "./step.ts";
import {
  clusterProof,
  identifyCluster,
  KubernetesFact,
  KubernetesIdentity,
  KubernetesList,
  KubernetesMetric,
  readWorkloadFact,
  readWorkloadList,
  readWorkloadNumber,
} from "./values.ts";

/** A namespace of a Kubernetes cluster, by its API. Nothing is loaded before the first question. */
export function kubernetesBackend(): Backend {
  const accesses = clusterAccesses();
  const kube = createKube(accesses);
  return {
    name: "kubernetes",
    connection: KubernetesConnection,
    proof: clusterProof,
    health: serve(KubernetesHealth, (spec, look) => checkWorkload(kube, spec, look)),
    fact: serve(KubernetesFact, (spec, look) => readWorkloadFact(kube, spec, look)),
    metric: serve(KubernetesMetric, (spec, look) => readWorkloadNumber(kube, spec, look)),
    list: serve(KubernetesList, (spec, look) => readWorkloadList(kube, spec, look)),
    identity: serve(KubernetesIdentity, (spec, look) => identifyCluster(kube, spec, look)),
    query: serve(KubernetesQuery, (spec, asked) => queryNamespace(kube, spec, asked)),
    log: serve(KubernetesLog, (spec, asked) => readPodLogs(kube, spec, asked)),
    reads: [stateRead(kube)],
    steps: [closeStepKind("kubernetes", kubernetesStep(kube))],
    examineFiles: examineKubeconfigs,
    examineRights: (system, deadlineMs) => examineRights(kube, system, deadlineMs),
    certificates: (system, deadlineMs) => clusterCertificates(accesses, system, deadlineMs),
    close: async () => kube.close(),
  };
}
