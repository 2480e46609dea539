package dev.kcm.controllers.auth.legacytokencleaner;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.Silent;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;

/**
 * The cleaner of legacy tokens: names and wiring.
 *
 * <p>Immutable.
 */
public final class LegacyTokenCleanerController {

  /** Canonical name. */
  public static final String NAME = "legacy-serviceaccount-token-cleaner-controller";

  /** The only key. */
  static final ObjectKey PASS = new ObjectKey("", "pass");

  private static final String CLIENT = "legacy-service-account-token-cleaner";

  private LegacyTokenCleanerController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(LegacyTokenCleanerConfig config) {
    return ControllerSpec.named(NAME)
        .alias(CLIENT)
        .client(CLIENT)
        .access(
            Access.to(Kinds.SERVICE_ACCOUNTS).watch("whose the tokens are"),
            Access.to(Kinds.SECRETS)
                .watch("the tokens")
                .patch("the label that makes a token invalid")
                .delete("those marked for a whole period"),
            Access.to(PodStates.TYPE).watch("who refers to a token"),
            Access.to(Kinds.CONFIG_MAPS)
                .in(LegacyTokenCleanerReconciler.TRACKING.namespace())
                .named(LegacyTokenCleanerReconciler.TRACKING.name())
                .get("since when the API server notes uses"))
        .wiredBy(context -> List.of(loop(context, config)));
  }

  private static Loop<LegacyTokenCleanerSnapshot> loop(
      ControllerContext context, LegacyTokenCleanerConfig config) {
    Informer<ServiceAccount> accounts = context.informer(Kinds.SERVICE_ACCOUNTS);
    Informer<Secret> secrets = context.informer(Kinds.SECRETS);
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    return Loop.<LegacyTokenCleanerSnapshot>named("legacy_service_account_token_cleaner")
        .component(CLIENT)
        .on(accounts, new Silent<>())
        .on(secrets, new Silent<>())
        .on(pods, new Silent<>())
        .startingWith(PASS)
        .reading(
            new LegacyTokenCleanerReader(
                secrets.lister(), accounts.lister(), pods.lister(), config.period()))
        .deciding(new LegacyTokenCleanerReconciler())
        .build();
  }
}
