package dev.kcm.controllers.catalog;

import dev.kcm.controllers.apps.replicaset.ReplicaSetConfig;
import dev.kcm.controllers.apps.replicationcontroller.ReplicationControllerConfig;

/**
 * Tunables of all controllers, one record for each.
 *
 * @param replicaSet of replicaset-controller
 * @param replicationController of replicationcontroller-controller
 */
public record CatalogConfig(
    ReplicaSetConfig replicaSet, ReplicationControllerConfig replicationController) {

  /** As upstream runs without flags. */
  public static CatalogConfig defaults() {
    return new CatalogConfig(ReplicaSetConfig.defaults(), ReplicationControllerConfig.defaults());
  }
}
