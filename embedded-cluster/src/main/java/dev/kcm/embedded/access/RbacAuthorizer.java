package dev.kcm.embedded.access;

import dev.kcm.embedded.resource.ApiServer;
import dev.kcm.embedded.resource.Kind;
import dev.kcm.embedded.resource.UserInfo;
import java.util.List;

/**
 * Decides by the roles and bindings that the server stores. Thread-safe: the index of one state of
 * them is published through a volatile field and made anew once they have changed.
 */
final class RbacAuthorizer implements Authorizer {

  private static final String GROUP = "rbac.authorization.k8s.io";

  private final ApiServer server;
  private final List<Kind> kinds;
  private volatile Indexed current =
      new Indexed(-1, RbacIndex.of(List.of(), List.of(), List.of(), List.of()));

  private record Indexed(long revision, RbacIndex index) {}

  RbacAuthorizer(ApiServer server) {
    this.server = server;
    kinds =
        List.of("clusterroles", "clusterrolebindings", "roles", "rolebindings").stream()
            .map(resource -> server.kinds().find(GROUP, "v1", resource).orElseThrow())
            .toList();
  }

  @Override
  public Decision authorize(UserInfo user, Attributes attributes) {
    return index().decide(user, attributes);
  }

  /** The rules of a user that hold in a namespace. */
  List<PolicyRule> rules(UserInfo user, String namespace) {
    return index().rules(user, namespace);
  }

  private RbacIndex index() {
    long revision = kinds.stream().mapToLong(server::lastChange).max().orElse(0);
    Indexed known = current;
    if (known.revision() != revision) {
      known =
          new Indexed(
              revision,
              RbacIndex.of(
                  server.storedAll(kinds.get(0), ""),
                  server.storedAll(kinds.get(1), ""),
                  server.storedAll(kinds.get(2), ""),
                  server.storedAll(kinds.get(3), "")));
      current = known;
    }
    return known.index();
  }
}
