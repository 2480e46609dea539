package dev.kcm.core.manager;

import dev.kcm.core.access.Access;
import dev.kcm.core.informer.NamespaceSet;
import dev.kcm.core.lease.KubeLeaseLock;
import dev.kcm.core.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a whole operator does at the API server.
 *
 * <p>Stateless.
 */
final class OperatorAccess {

  private static final String EVENTS = "events";

  private OperatorAccess() {}

  /**
   * What its controllers declare, and what it does itself.
   *
   * @param name of the operator
   * @param namespaces where the controllers look
   * @param lease null without election
   * @param definitions whether it follows definitions of kinds
   * @param eventSeries whether it writes Events of {@code events.k8s.io}
   */
  static List<Access> of(
      String name,
      List<ControllerSpec> controllers,
      NamespaceSet namespaces,
      @Nullable ObjectKey lease,
      boolean definitions,
      boolean eventSeries) {
    List<Access> all = new ArrayList<>();
    for (ControllerSpec spec : controllers) {
      if (spec.access().isEmpty()) {
        throw new IllegalStateException(
            "operator %s: controller %s declares no access, so no role fits it"
                .formatted(name, spec.name()));
      }
      for (Access access : spec.access()) {
        all.add(within(namespaces, access));
        if (eventSeries && access.group().isEmpty() && access.resource().equals(EVENTS)) {
          all.add(within(namespaces, series(access)));
        }
      }
    }
    if (lease != null) {
      all.addAll(election(lease));
    }
    if (definitions) {
      all.add(
          Access.to("apiextensions.k8s.io", "customresourcedefinitions").watch("kinds that come"));
    }
    return List.copyOf(all);
  }

  /** Namespaces that change at run time are not known when roles are made. */
  private static Access within(NamespaceSet namespaces, Access access) {
    boolean fixed = !namespaces.equals(NamespaceSet.all()) && namespaces.isFixed();
    return fixed && access.namespaced() && access.namespaces().isEmpty()
        ? access.in(namespaces.names())
        : access;
  }

  private static Access series(Access events) {
    return new Access(
        "events.k8s.io", EVENTS, true, events.namespaces(), events.names(), events.grants());
  }

  private static List<Access> election(ObjectKey lease) {
    Access leases = Access.to(KubeLeaseLock.LEASES).in(lease.namespace());
    return List.of(
        leases.create("the Lease of the election"),
        leases
            .named(lease.name())
            .get("who leads")
            .with("who leads, at once", "watch")
            .update("that it leads still"));
  }
}
