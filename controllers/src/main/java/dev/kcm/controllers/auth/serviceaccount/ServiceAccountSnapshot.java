package dev.kcm.controllers.auth.serviceaccount;

import io.fabric8.kubernetes.api.model.Namespace;
import java.util.List;

/**
 * All inputs of one decision.
 *
 * @param namespace the namespace
 * @param missing names of the ServiceAccounts it has to have and has not
 */
record ServiceAccountSnapshot(Namespace namespace, List<String> missing) {

  ServiceAccountSnapshot {
    missing = List.copyOf(missing);
  }
}
