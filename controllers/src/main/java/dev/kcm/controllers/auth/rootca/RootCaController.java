package dev.kcm.controllers.auth.rootca;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import java.util.List;

/**
 * The root CA publisher: names and wiring.
 *
 * <p>Immutable.
 */
public final class RootCaController {

  /** Canonical name. */
  public static final String NAME = "root-ca-certificate-publisher-controller";

  private static final String CLIENT = "root-ca-cert-publisher";

  private RootCaController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(RootCaConfig config) {
    return ControllerSpec.named(NAME)
        .alias(CLIENT)
        .client(CLIENT)
        .access(
            Access.to(Kinds.NAMESPACES).watch("new ones, and changes of active ones"),
            Access.to(Kinds.CONFIG_MAPS)
                .watch("changes and deletions of the published one")
                .with("publishing", "create", "update"))
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<RootCaSnapshot> loop(ControllerContext context, RootCaConfig config) {
    Informer<Namespace> namespaces = context.informer(Kinds.NAMESPACES);
    Informer<ConfigMap> maps = context.informer(Kinds.CONFIG_MAPS);
    return Loop.<RootCaSnapshot>named("root_ca_cert_publisher")
        .component(CLIENT)
        .on(namespaces, new NamespaceMapper())
        .on(maps, new PublishedMapper())
        .reading(new RootCaReader(config, namespaces.lister(), maps.lister()))
        .deciding(new RootCaReconciler())
        .measuring(RootCaMetrics.in(context.meters()))
        .build();
  }
}
