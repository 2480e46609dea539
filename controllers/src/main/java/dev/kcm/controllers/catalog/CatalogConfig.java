package dev.kcm.controllers.catalog;

import dev.kcm.controllers.apps.replicaset.ReplicaSetConfig;
import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerConfig;
import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerConfig;
import dev.kcm.controllers.auth.rootca.RootCaConfig;
import dev.kcm.controllers.auth.serviceaccounttoken.ServiceAccountTokenConfig;
import dev.kcm.controllers.lifecycle.namespace.NamespaceConfig;
import dev.kcm.controllers.network.endpoints.EndpointsConfig;
import dev.kcm.controllers.network.endpointslice.EndpointSliceConfig;
import dev.kcm.controllers.network.endpointslicemirroring.MirroringConfig;
import dev.kcm.controllers.node.nodeipam.NodeIpamConfig;
import dev.kcm.controllers.node.nodelifecycle.NodeLifecycleConfig;
import dev.kcm.controllers.node.podgc.PodGcConfig;

/**
 * Tunables of all controllers that have any, one record for each.
 *
 * @param replicaSet of replicaset-controller
 * @param replicationController of replicationcontroller-controller
 * @param rootCa of root-ca-certificate-publisher-controller
 * @param endpoints of endpoints-controller
 * @param endpointSlice of endpointslice-controller
 * @param mirroring of endpointslice-mirroring-controller
 * @param podGc of pod-garbage-collector-controller
 * @param csrSigning of certificatesigningrequest-signing-controller
 * @param namespace of namespace-controller
 * @param nodeLifecycle of node-lifecycle-controller
 * @param nodeIpam of node-ipam-controller
 * @param serviceAccountToken of serviceaccount-token-controller
 * @param legacyTokenCleaner of legacy-serviceaccount-token-cleaner-controller
 */
public record CatalogConfig(
    ReplicaSetConfig replicaSet,
    ReplicationControllerConfig replicationController,
    RootCaConfig rootCa,
    EndpointsConfig endpoints,
    EndpointSliceConfig endpointSlice,
    MirroringConfig mirroring,
    PodGcConfig podGc,
    CsrSigningConfig csrSigning,
    NamespaceConfig namespace,
    NodeLifecycleConfig nodeLifecycle,
    NodeIpamConfig nodeIpam,
    ServiceAccountTokenConfig serviceAccountToken,
    LegacyTokenCleanerConfig legacyTokenCleaner) {

  /** As upstream runs without flags. */
  public static CatalogConfig defaults() {
    return builder().build();
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Tunables that differ from the defaults. Confined to one thread. */
  public static final class Builder {

    private ReplicaSetConfig replicaSet = ReplicaSetConfig.defaults();
    private ReplicationControllerConfig replicationController =
        ReplicationControllerConfig.defaults();
    private RootCaConfig rootCa = RootCaConfig.defaults();
    private EndpointsConfig endpoints = EndpointsConfig.defaults();
    private EndpointSliceConfig endpointSlice = EndpointSliceConfig.defaults();
    private MirroringConfig mirroring = MirroringConfig.defaults();
    private PodGcConfig podGc = PodGcConfig.defaults();
    private CsrSigningConfig csrSigning = CsrSigningConfig.defaults();
    private NamespaceConfig namespace = NamespaceConfig.defaults();
    private NodeLifecycleConfig nodeLifecycle = NodeLifecycleConfig.defaults();
    private NodeIpamConfig nodeIpam = NodeIpamConfig.defaults();
    private ServiceAccountTokenConfig serviceAccountToken = ServiceAccountTokenConfig.defaults();
    private LegacyTokenCleanerConfig legacyTokenCleaner = LegacyTokenCleanerConfig.defaults();

    private Builder() {}

    /** Of replicaset-controller. */
    public Builder replicaSet(ReplicaSetConfig config) {
      replicaSet = config;
      return this;
    }

    /** Of replicationcontroller-controller. */
    public Builder replicationController(ReplicationControllerConfig config) {
      replicationController = config;
      return this;
    }

    /** Of root-ca-certificate-publisher-controller. */
    public Builder rootCa(RootCaConfig config) {
      rootCa = config;
      return this;
    }

    /** Of endpoints-controller. */
    public Builder endpoints(EndpointsConfig config) {
      endpoints = config;
      return this;
    }

    /** Of endpointslice-controller. */
    public Builder endpointSlice(EndpointSliceConfig config) {
      endpointSlice = config;
      return this;
    }

    /** Of endpointslice-mirroring-controller. */
    public Builder mirroring(MirroringConfig config) {
      mirroring = config;
      return this;
    }

    /** Of pod-garbage-collector-controller. */
    public Builder podGc(PodGcConfig config) {
      podGc = config;
      return this;
    }

    /** Of certificatesigningrequest-signing-controller. */
    public Builder csrSigning(CsrSigningConfig config) {
      csrSigning = config;
      return this;
    }

    /** Of namespace-controller. */
    public Builder namespace(NamespaceConfig config) {
      namespace = config;
      return this;
    }

    /** Of node-lifecycle-controller. */
    public Builder nodeLifecycle(NodeLifecycleConfig config) {
      nodeLifecycle = config;
      return this;
    }

    /** Of node-ipam-controller. */
    public Builder nodeIpam(NodeIpamConfig config) {
      nodeIpam = config;
      return this;
    }

    /** Of serviceaccount-token-controller. */
    public Builder serviceAccountToken(ServiceAccountTokenConfig config) {
      serviceAccountToken = config;
      return this;
    }

    /** Of legacy-serviceaccount-token-cleaner-controller. */
    public Builder legacyTokenCleaner(LegacyTokenCleanerConfig config) {
      legacyTokenCleaner = config;
      return this;
    }

    /** The tunables. */
    public CatalogConfig build() {
      return new CatalogConfig(
          replicaSet,
          replicationController,
          rootCa,
          endpoints,
          endpointSlice,
          mirroring,
          podGc,
          csrSigning,
          namespace,
          nodeLifecycle,
          nodeIpam,
          serviceAccountToken,
          legacyTokenCleaner);
    }
  }
}
