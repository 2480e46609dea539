package dev.kcm.controllers.auth.bootstrapsigner;

import dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/**
 * The bootstrap signer: names and wiring.
 *
 * <p>Immutable.
 */
public final class BootstrapSignerController {

  /** Canonical name. */
  public static final String NAME = "bootstrap-signer-controller";

  /** What is signed. */
  static final ObjectKey CLUSTER_INFO = new ObjectKey("kube-public", "cluster-info");

  private static final String CLIENT = "bootstrap-signer";

  private BootstrapSignerController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .alias("bootstrapsigner")
        .client(CLIENT)
        .disabledByDefault()
        .access(
            Access.to(Kinds.CONFIG_MAPS).watch("cluster-info, key kubeconfig"),
            Access.to(Kinds.SECRETS).watch("bootstrap tokens, in kube-system"),
            Access.to(Kinds.CONFIG_MAPS)
                .in(CLUSTER_INFO.namespace())
                .named(CLUSTER_INFO.name())
                .update("keys jws-kubeconfig-<token id>"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<BootstrapSignerSnapshot> loop(ControllerContext context) {
    Informer<ConfigMap> maps = context.informer(Kinds.CONFIG_MAPS);
    Informer<Secret> secrets = context.informer(Kinds.SECRETS);
    return Loop.<BootstrapSignerSnapshot>named("bootstrap_signer_queue")
        .component(CLIENT)
        .on(maps, Enqueue.to(BootstrapSignerController::keysOf))
        .on(secrets, Enqueue.to(BootstrapSignerController::keysOf))
        .reading(BootstrapSignerReader.of(maps, secrets))
        .deciding(new BootstrapSignerReconciler())
        .build();
  }

  static List<ObjectKey> keysOf(ConfigMap map) {
    return ObjectKey.of(map).equals(CLUSTER_INFO) ? List.of(CLUSTER_INFO) : List.of();
  }

  static List<ObjectKey> keysOf(Secret secret) {
    return BootstrapTokens.isToken(secret) ? List.of(CLUSTER_INFO) : List.of();
  }
}
