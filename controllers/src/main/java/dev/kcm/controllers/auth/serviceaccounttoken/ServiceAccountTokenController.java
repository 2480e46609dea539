package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.controllers.shared.objects.Silent;
import dev.kcm.controllers.shared.pki.SigningKey;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of ServiceAccounts: names and wiring.
 *
 * <p>Immutable.
 */
public final class ServiceAccountTokenController {

  /** Canonical name. */
  public static final String NAME = "serviceaccount-token-controller";

  private static final String CLIENT = "tokens-controller";
  private static final String QUEUE = "serviceaccount_tokens_service";

  /** After so many, upstream waits for the next event. */
  private static final int MAX_RETRIES = 10;

  private static final Logger log = LoggerFactory.getLogger(ServiceAccountTokenController.class);

  private ServiceAccountTokenController() {}

  /** The controller with the given tunables. */
  public static ControllerSpec spec(ServiceAccountTokenConfig config) {
    return ControllerSpec.named(NAME)
        .alias("serviceaccount-token")
        .client(CLIENT)
        .access(
            Access.to(Kinds.SERVICE_ACCOUNTS)
                .watch("accounts, and those that go")
                .get("one that the cache does not have, before its Secret is deleted")
                .update("taking out the name of a Secret that is gone"),
            Access.to(Kinds.SECRETS)
                .watch("those of the type")
                .get("how it is at this moment, before it is filled")
                .update("token, namespace and certificates")
                .delete("those whose account is gone"))
        .wiredBy(context -> loops(context, config));
  }

  private static List<Loop<?>> loops(ControllerContext context, ServiceAccountTokenConfig config) {
    SigningKey key = config.key();
    if (key == null) {
      log.atInfo()
          .addKeyValue("controller", NAME)
          .log("Controller is disabled because there is no private key");
      return List.of();
    }
    Informer<ServiceAccount> accounts = context.informer(Kinds.SERVICE_ACCOUNTS);
    Informer<Secret> secrets = context.informer(Kinds.SECRETS);
    return List.of(accounts(accounts, secrets, config), secrets(accounts, secrets, key, config));
  }

  private static Loop<DeletedAccountSnapshot> accounts(
      Informer<ServiceAccount> accounts,
      Informer<Secret> secrets,
      ServiceAccountTokenConfig config) {
    return ServiceAccountTokenController.<DeletedAccountSnapshot>loop("accounts", config)
        .on(accounts, DeletedAccountMapper.INSTANCE)
        .on(secrets, new Silent<>())
        .reading(new DeletedAccountReader(accounts.lister(), TokenSecrets.in(secrets)))
        .deciding(new DeletedAccountReconciler())
        .build();
  }

  private static Loop<ServiceAccountTokenSnapshot> secrets(
      Informer<ServiceAccount> accounts,
      Informer<Secret> secrets,
      SigningKey key,
      ServiceAccountTokenConfig config) {
    return ServiceAccountTokenController.<ServiceAccountTokenSnapshot>loop("secrets", config)
        .on(secrets, TokenMapper.INSTANCE)
        .on(accounts, new Silent<>())
        .reading(
            new ServiceAccountTokenReader(
                secrets.lister(), accounts.lister(), key, config.certificates()))
        .deciding(new ServiceAccountTokenReconciler())
        .build();
  }

  private static <S> Loop.Builder<S> loop(String of, ServiceAccountTokenConfig config) {
    return Loop.<S>named("serviceaccount-token-" + of)
        .sharingQueue(QUEUE)
        .component(CLIENT)
        .workers(config.concurrentSyncs())
        .maxRetries(MAX_RETRIES);
  }
}
