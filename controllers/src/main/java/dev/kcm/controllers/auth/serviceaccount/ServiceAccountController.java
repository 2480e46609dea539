package dev.kcm.controllers.auth.serviceaccount;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;

/**
 * The ServiceAccount controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class ServiceAccountController {

  /** Canonical name. */
  public static final String NAME = "serviceaccount-controller";

  private static final String CLIENT = "service-account-controller";

  /** What each namespace has to have. */
  private static final List<String> MANAGED = List.of("default");

  private ServiceAccountController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .alias("serviceaccount")
        .client(CLIENT)
        .access(
            Access.to(Kinds.NAMESPACES).watch("those in phase Active"),
            Access.to(Kinds.SERVICE_ACCOUNTS)
                .watch("those that are gone")
                .create("the account default"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<ServiceAccountSnapshot> loop(ControllerContext context) {
    Informer<Namespace> namespaces = context.informer(Kinds.NAMESPACES);
    Informer<ServiceAccount> accounts = context.informer(Kinds.SERVICE_ACCOUNTS);
    return Loop.<ServiceAccountSnapshot>named("serviceaccount")
        .component(CLIENT)
        .on(namespaces, Enqueue.self())
        .on(accounts, new DeletedAccountMapper())
        .reading(new ServiceAccountReader(MANAGED, namespaces.lister(), accounts.lister()))
        .deciding(new ServiceAccountReconciler())
        .build();
  }
}
