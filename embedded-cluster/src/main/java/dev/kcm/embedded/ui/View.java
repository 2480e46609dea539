package dev.kcm.embedded.ui;

import dev.kcm.embedded.resource.ApiRequest;
import dev.kcm.embedded.resource.ApiRequest.Verb;
import dev.kcm.embedded.resource.UserInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A collection that the page shows.
 *
 * @param group API group
 * @param resource plural resource name, by which the page knows it
 * @param namespace namespace, empty for all of them
 * @param name name of the only object shown, empty for all of them
 * @param projection what of each object
 */
record View(String group, String resource, String namespace, String name, Projection projection) {

  private static final Projection REPLICATED =
      Projection.of(
          "spec.replicas",
          "spec.template.spec.containers.*.image",
          "status.replicas",
          "status.readyReplicas");

  /** All of the page, in the order in which it fills. */
  static final List<View> ALL =
      List.of(
          all(
              "",
              "nodes",
              Projection.of(
                  "spec.unschedulable",
                  "spec.taints.*.key",
                  "spec.taints.*.effect",
                  "status.allocatable.cpu",
                  "status.allocatable.memory",
                  "status.allocatable.pods",
                  "status.addresses",
                  "status.conditions.*.type",
                  "status.conditions.*.status")),
          new View(
              "coordination.k8s.io",
              "leases",
              "kube-system",
              "kube-controller-manager",
              Projection.of(
                  "spec.holderIdentity",
                  "spec.leaseDurationSeconds",
                  "spec.acquireTime",
                  "spec.renewTime",
                  "spec.leaseTransitions")),
          all("", "replicationcontrollers", REPLICATED),
          all("apps", "replicasets", REPLICATED),
          all("apps", "deployments", REPLICATED),
          all("apps", "statefulsets", REPLICATED),
          all(
              "apps",
              "daemonsets",
              Projection.of(
                  "spec.template.spec.containers.*.image",
                  "status.desiredNumberScheduled",
                  "status.currentNumberScheduled",
                  "status.numberReady")),
          all(
              "batch",
              "jobs",
              Projection.of(
                  "spec.completions",
                  "spec.parallelism",
                  "spec.template.spec.containers.*.image",
                  "status.active",
                  "status.succeeded",
                  "status.failed")),
          all(
              "",
              "pods",
              Projection.of(
                  "spec.nodeName",
                  "spec.containers.*.image",
                  "status.phase",
                  "status.reason",
                  "status.podIP",
                  "status.conditions.*.type",
                  "status.conditions.*.status",
                  "status.conditions.*.reason",
                  "status.conditions.*.message",
                  "status.containerStatuses.*.ready",
                  "status.containerStatuses.*.restartCount",
                  "status.containerStatuses.*.state.waiting.reason",
                  "status.containerStatuses.*.state.terminated.reason",
                  "status.containerStatuses.*.state.terminated.exitCode")),
          all(
              "",
              "events",
              Projection.of(
                  "type",
                  "reason",
                  "message",
                  "count",
                  "firstTimestamp",
                  "lastTimestamp",
                  "eventTime",
                  "source.component",
                  "reportingComponent",
                  "involvedObject.kind",
                  "involvedObject.name",
                  "involvedObject.namespace")));

  private static View all(String group, String resource, Projection projection) {
    return new View(group, resource, "", "", projection);
  }

  /** The watch that fills it, from the state of the moment on. */
  ApiRequest watch() {
    Map<String, List<String>> query = new HashMap<>();
    query.put("watch", List.of("true"));
    query.put("timeoutSeconds", List.of("86400"));
    if (!name.isEmpty()) {
      query.put("fieldSelector", List.of("metadata.name=" + name));
    }
    return new ApiRequest(
        UserInfo.LOOPBACK, Verb.WATCH, group, "v1", resource, namespace, "", "", query, null, "");
  }
}
