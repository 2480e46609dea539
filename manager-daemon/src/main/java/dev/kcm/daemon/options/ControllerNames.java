package dev.kcm.daemon.options;

import dev.kcm.daemon.options.ControllerName.Start;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The names of all controllers of release 1.34.
 *
 * <p><i>Immutable.</i>
 */
public final class ControllerNames {

  // name, alias or -, service account or -, default|request|cloud, gates
  private static final String TABLE =
      """
      serviceaccount-token-controller serviceaccount-token - default
      serviceaccount-controller serviceaccount service-account-controller default
      legacy-serviceaccount-token-cleaner-controller legacy-service-account-token-cleaner legacy-service-account-token-cleaner default
      endpoints-controller endpoint endpoint-controller default
      endpointslice-controller endpointslice endpointslice-controller default
      endpointslice-mirroring-controller endpointslicemirroring endpointslicemirroring-controller default
      replicationcontroller-controller replicationcontroller replication-controller default
      replicaset-controller replicaset replicaset-controller default
      deployment-controller deployment deployment-controller default
      statefulset-controller statefulset statefulset-controller default
      daemonset-controller daemonset daemon-set-controller default
      job-controller job job-controller default
      cronjob-controller cronjob cronjob-controller default
      ttl-after-finished-controller ttl-after-finished ttl-after-finished-controller default
      horizontal-pod-autoscaler-controller horizontalpodautoscaling horizontal-pod-autoscaler default
      disruption-controller disruption disruption-controller default
      garbage-collector-controller garbagecollector generic-garbage-collector default
      namespace-controller namespace namespace-controller default
      resourcequota-controller resourcequota resourcequota-controller default
      pod-garbage-collector-controller podgc pod-garbage-collector default
      node-lifecycle-controller nodelifecycle node-controller default
      taint-eviction-controller - node-controller default SeparateTaintEvictionController
      node-ipam-controller nodeipam node-controller default
      ttl-controller ttl ttl-controller default
      service-cidr-controller - service-cidrs-controller default MultiCIDRServiceAllocator
      certificatesigningrequest-signing-controller csrsigning certificate-controller default
      certificatesigningrequest-approving-controller csrapproving certificate-controller default
      certificatesigningrequest-cleaner-controller csrcleaner certificate-controller default
      podcertificaterequest-cleaner-controller - podcertificaterequestcleaner default PodCertificateRequest
      root-ca-certificate-publisher-controller root-ca-cert-publisher root-ca-cert-publisher default
      kube-apiserver-serving-clustertrustbundle-publisher-controller - kube-apiserver-serving-clustertrustbundle-publisher default ClusterTrustBundle
      bootstrap-signer-controller bootstrapsigner bootstrap-signer request
      token-cleaner-controller tokencleaner token-cleaner request
      clusterrole-aggregation-controller clusterrole-aggregation clusterrole-aggregation-controller default
      persistentvolume-binder-controller persistentvolume-binder persistent-volume-binder default
      persistentvolume-attach-detach-controller attachdetach attachdetach-controller default
      persistentvolume-expander-controller persistentvolume-expander expand-controller default
      persistentvolume-protection-controller pv-protection pv-protection-controller default
      persistentvolumeclaim-protection-controller pvc-protection pvc-protection-controller default
      volumeattributesclass-protection-controller - volumeattributesclass-protection-controller default VolumeAttributesClass
      ephemeral-volume-controller ephemeral-volume ephemeral-volume-controller default
      resourceclaim-controller resource-claim-controller resource-claim-controller default DynamicResourceAllocation
      device-taint-eviction-controller - device-taint-eviction-controller default DynamicResourceAllocation DRADeviceTaints
      validatingadmissionpolicy-status-controller - validatingadmissionpolicy-status-controller default
      storageversion-garbage-collector-controller storage-version-gc storage-version-garbage-collector default APIServerIdentity StorageVersionAPI
      storage-version-migrator-controller svm storage-version-migrator-controller default StorageVersionMigrator InformerResourceVersion
      selinux-warning-controller - selinux-warning-controller request SELinuxChangePolicy
      service-lb-controller service - cloud
      node-route-controller route - cloud
      cloud-node-lifecycle-controller cloud-node-lifecycle - cloud
      """;

  private static final List<ControllerName> ALL =
      TABLE.lines().map(ControllerNames::parse).toList();

  private static final Map<String, ControllerName> BY_NAME = byName();

  private ControllerNames() {}

  private static ControllerName parse(String line) {
    String[] words = line.split(" ", -1);
    Start start =
        switch (words[3]) {
          case "default" -> Start.BY_DEFAULT;
          case "request" -> Start.ON_REQUEST;
          default -> Start.CLOUD;
        };
    List<String> gates = Arrays.asList(words).subList(4, words.length);
    return new ControllerName(words[0], orEmpty(words[1]), orEmpty(words[2]), start, gates);
  }

  private static String orEmpty(String word) {
    return word.equals("-") ? "" : word;
  }

  private static Map<String, ControllerName> byName() {
    Map<String, ControllerName> byName = new HashMap<>();
    for (ControllerName name : ALL) {
      byName.put(name.canonical(), name);
      if (!name.alias().isEmpty()) {
        byName.put(name.alias(), name);
      }
    }
    return Map.copyOf(byName);
  }

  /** Returns every controller, cloud controllers too. */
  public static List<ControllerName> table() {
    return ALL;
  }

  /** Returns the controller with this canonical name or alias. */
  public static Optional<ControllerName> find(String nameOrAlias) {
    return Optional.ofNullable(BY_NAME.get(nameOrAlias));
  }

  static List<String> all() {
    return ALL.stream().map(ControllerName::canonical).sorted().toList();
  }

  static List<String> offByDefault() {
    return ALL.stream()
        .filter(name -> name.start() == Start.ON_REQUEST)
        .map(ControllerName::canonical)
        .sorted()
        .toList();
  }
}
