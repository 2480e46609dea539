package dev.kcm.embedded.access;

import dev.kcm.embedded.access.Authorizer.Decision;

/** Who decides about requests. */
public enum AuthorizationMode {
  /**
   * Administrators and the components of the cluster may do everything, and everybody else what
   * roles and bindings allow. The default: a component needs no bindings to be tried out.
   */
  COMPONENTS,

  /** Roles and bindings only, as in a real cluster. */
  RBAC,

  /** Everybody may do everything. */
  ALWAYS_ALLOW;

  Authorizer over(Authorizer rbac) {
    return switch (this) {
      case RBAC -> rbac;
      case ALWAYS_ALLOW -> (user, attributes) -> Decision.ALLOWED;
      case COMPONENTS -> {
        Authorizer identities = new ClusterIdentities();
        yield (user, attributes) -> {
          Decision byRole = rbac.authorize(user, attributes);
          return byRole.allowed() || !identities.authorize(user, attributes).allowed()
              ? byRole
              : Decision.ALLOWED;
        };
      }
    };
  }
}
