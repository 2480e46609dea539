package dev.kcm.controllers.catalog;

import dev.kcm.controllers.apps.replicaset.ReplicaSetConfig;
import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerConfig;
import dev.kcm.controllers.auth.csrsigning.CsrSigningConfig;
import dev.kcm.controllers.auth.rootca.RootCaConfig;
import dev.kcm.controllers.network.endpoints.EndpointsConfig;
import dev.kcm.controllers.network.endpointslice.EndpointSliceConfig;
import dev.kcm.controllers.network.endpointslicemirroring.MirroringConfig;
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
 */
public record CatalogConfig(
    ReplicaSetConfig replicaSet,
    ReplicationControllerConfig replicationController,
    RootCaConfig rootCa,
    EndpointsConfig endpoints,
    EndpointSliceConfig endpointSlice,
    MirroringConfig mirroring,
    PodGcConfig podGc,
    CsrSigningConfig csrSigning) {

  /** As upstream runs without flags. */
  public static CatalogConfig defaults() {
    return new CatalogConfig(
        ReplicaSetConfig.defaults(),
        ReplicationControllerConfig.defaults(),
        RootCaConfig.defaults(),
        EndpointsConfig.defaults(),
        EndpointSliceConfig.defaults(),
        MirroringConfig.defaults(),
        PodGcConfig.defaults(),
        CsrSigningConfig.defaults());
  }
}
