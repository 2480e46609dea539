package dev.kcm.controllers.auth.tokencleaner;

import dev.kcm.controllers.shared.bootstraptokens.BootstrapTokens;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;

/**
 * The token cleaner: names and wiring.
 *
 * <p>Immutable.
 */
public final class TokenCleanerController {

  /** Canonical name. */
  public static final String NAME = "token-cleaner-controller";

  private static final String CLIENT = "token-cleaner";

  private TokenCleanerController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .alias("tokencleaner")
        .client(CLIENT)
        .disabledByDefault()
        .access(
            Access.to(Kinds.SECRETS).watch("bootstrap tokens, in kube-system"),
            Access.to(Kinds.SECRETS).in(BootstrapTokens.NAMESPACE).delete("those past their end"))
        .wiredBy(context -> List.of(loop(context)));
  }

  private static Loop<TokenCleanerSnapshot> loop(ControllerContext context) {
    Informer<Secret> secrets = context.informer(Kinds.SECRETS);
    return Loop.<TokenCleanerSnapshot>named("token_cleaner")
        .component(CLIENT)
        .on(secrets, Enqueue.to(TokenCleanerController::keysOf))
        .reading(new TokenCleanerReader(secrets.lister()))
        .deciding(new TokenCleanerReconciler())
        .build();
  }

  /** Only tokens have keys. */
  static List<ObjectKey> keysOf(Secret secret) {
    return BootstrapTokens.isToken(secret) ? List.of(ObjectKey.of(secret)) : List.of();
  }
}
