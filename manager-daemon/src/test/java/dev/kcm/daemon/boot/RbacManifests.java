package dev.kcm.daemon.boot;

import dev.kcm.controllers.catalog.Catalog;
import dev.kcm.controllers.catalog.CatalogConfig;
import dev.kcm.core.access.Access;
import dev.kcm.core.access.Roles;
import dev.kcm.core.lease.KubeLeaseLock;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.daemon.accounts.ServiceAccounts;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the manifests with roles, from what controllers declare and what the program does itself.
 *
 * <p>Immutable.
 */
final class RbacManifests {

  /** Who the program is for the API server. */
  static final ObjectKey ACCOUNT =
      new ObjectKey(ServiceAccounts.NAMESPACE, "kube-controller-manager");

  private static final String PER_CONTROLLER =
      """
      # Made by RbacManifestsTest from what controllers declare: running it with -Dkcm.update writes it anew.
      #
      # Roles for a manager that runs as the service account kube-system/kube-controller-manager with
      # --use-service-account-credentials=true: each controller may do what it does, and nothing else.
      #
      # A cluster whose manager shows a certificate of user system:kube-controller-manager needs none of
      # this: the API server makes and restores that user's role and one system:controller:... role for
      # each controller. Apply this where the manager has a service account instead, or where those roles
      # are not wanted. It may fetch tokens of its controllers' accounts and of no others, which
      # system:kube-controller-manager may. Another --leader-elect-resource-name has to be named here, and
      # --feature-gates=CoordinatedLeaderElection=true needs leasecandidates of coordination.k8s.io as well.
      """;

  private static final String ONE_ACCOUNT =
      """
      # Made by RbacManifestsTest from what controllers declare: running it with -Dkcm.update writes it anew.
      #
      # Roles for a manager that runs as the service account kube-system/kube-controller-manager with
      # --use-service-account-credentials=false: this account may do what any controller does. Prefer
      # rbac.yaml, which gives each controller an account and a role of its own.
      """;

  private final List<ControllerSpec> specs;

  private RbacManifests(List<ControllerSpec> specs) {
    this.specs = specs;
  }

  /** For all controllers of the catalog. What they declare does not depend on their tunables. */
  static RbacManifests ofAll() {
    return new RbacManifests(Catalog.of(CatalogConfig.defaults()).specs());
  }

  /** What the requests of each identity need; watches are the program's. */
  Map<String, List<Access>> requestsByIdentity() {
    Map<String, List<Access>> byIdentity = new TreeMap<>();
    for (ControllerSpec spec : specs) {
      if (!spec.client().equals(Daemon.TOKENS_CONTROLLER)) {
        byIdentity
            .computeIfAbsent(spec.client(), none -> new ArrayList<>())
            .addAll(needed(spec.access().stream().map(Access::requests).toList()));
      }
    }
    return byIdentity;
  }

  /** One account for each controller, and one for the program. */
  String perController() {
    Map<String, List<Access>> byIdentity = requestsByIdentity();
    List<Access> own = new ArrayList<>(program());
    own.addAll(accounts(byIdentity.keySet()));
    for (ControllerSpec spec : specs) {
      boolean asProgram = spec.client().equals(Daemon.TOKENS_CONTROLLER);
      spec.access().forEach(access -> own.add(asProgram ? access : access.watches()));
    }
    List<HasMetadata> objects =
        new ArrayList<>(all(Roles.of(ACCOUNT.name(), ACCOUNT, needed(own))));
    byIdentity.forEach(
        (identity, access) ->
            objects.addAll(
                all(
                    Roles.of(
                        ACCOUNT.name() + ":" + identity,
                        new ObjectKey(ServiceAccounts.NAMESPACE, identity),
                        access))));
    return PER_CONTROLLER + Roles.yaml(objects);
  }

  /** One account for everything. */
  String oneAccount() {
    List<Access> union = new ArrayList<>(program());
    specs.forEach(spec -> union.addAll(spec.access()));
    return ONE_ACCOUNT + Roles.yaml(all(Roles.of(ACCOUNT.name(), ACCOUNT, union)));
  }

  private static List<HasMetadata> all(Roles roles) {
    List<HasMetadata> objects = new ArrayList<>();
    objects.add(roles.serviceAccount());
    objects.addAll(roles.objects());
    return objects;
  }

  /** What the program does beside its controllers: election, and who may read from its port. */
  private static List<Access> program() {
    Access leases = Access.to(KubeLeaseLock.LEASES).in(ACCOUNT.namespace());
    return List.of(
        leases.create("the Lease of the election"),
        leases
            .named(ACCOUNT.name())
            .get("who leads")
            .with("who leads, at once", "watch")
            .update("that it leads still"),
        Access.toRecordEvents(),
        Access.to("", "configmaps")
            .in(ACCOUNT.namespace())
            .named("extension-apiserver-authentication")
            .get("which authorities vouch for users")
            .watch("changes of it"),
        Access.to("authentication.k8s.io", "tokenreviews").create("who shows a token"),
        Access.to("authorization.k8s.io", "subjectaccessreviews").create("what a user may read"));
  }

  /** How it becomes its controllers. */
  private static List<Access> accounts(Collection<String> identities) {
    return List.of(
        Access.to("", "serviceaccounts")
            .in(ServiceAccounts.NAMESPACE)
            .named(identities)
            .get("whether the account is there"),
        Access.to("", "serviceaccounts/token")
            .in(ServiceAccounts.NAMESPACE)
            .named(identities)
            .create("its tokens"));
  }

  private static List<Access> needed(List<Access> accesses) {
    return accesses.stream().filter(access -> !access.grants().isEmpty()).toList();
  }
}
