package dev.kcm.embedded.access;

import dev.kcm.embedded.resource.UserInfo;
import java.util.List;
import java.util.Set;

/**
 * Lets administrators and the components of the cluster do everything, other known users read
 * discovery, and everybody see health and version. Stateless.
 */
final class ClusterIdentities implements Authorizer {

  private static final Set<String> POWERFUL_GROUPS =
      Set.of("system:masters", "system:nodes", "system:serviceaccounts:kube-system");

  private static final Set<String> POWERFUL_USERS =
      Set.of("system:kube-controller-manager", "system:kube-scheduler", "system:kube-proxy");

  private static final List<String> PUBLIC = List.of("/healthz", "/livez", "/readyz", "/version");
  private static final List<String> DISCOVERY = List.of("/api", "/apis", "/openapi");

  @Override
  public Decision authorize(UserInfo user, Attributes attributes) {
    boolean allowed =
        user.groups().stream().anyMatch(POWERFUL_GROUPS::contains)
            || POWERFUL_USERS.contains(user.name())
            || mayRead(user, attributes);
    return allowed ? Decision.ALLOWED : Decision.REFUSED;
  }

  private static boolean mayRead(UserInfo user, Attributes attributes) {
    if (attributes.isResource() || !attributes.verb().equals("get")) {
      return false;
    }
    boolean known = user.groups().contains(UserInfo.AUTHENTICATED);
    return isBelow(PUBLIC, attributes.path()) || (known && isBelow(DISCOVERY, attributes.path()));
  }

  private static boolean isBelow(List<String> roots, String path) {
    return roots.stream().anyMatch(root -> path.equals(root) || path.startsWith(root + "/"));
  }
}
