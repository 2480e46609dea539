package dev.kcm.controllers.auth.serviceaccounttoken;

import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/**
 * All inputs of a decision about an account that is gone.
 *
 * @param secrets those that belong to it
 */
record DeletedAccountSnapshot(List<Secret> secrets) {

  DeletedAccountSnapshot {
    secrets = List.copyOf(secrets);
  }
}
