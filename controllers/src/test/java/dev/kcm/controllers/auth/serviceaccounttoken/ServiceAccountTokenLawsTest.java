package dev.kcm.controllers.auth.serviceaccounttoken;

import dev.kcm.controllers.shared.accounttokens.TokenSecrets;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

class ServiceAccountTokenLawsTest extends ReconcilerLaws<ServiceAccountTokenSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.SECRETS;
  }

  @Override
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return cluster.list(Secret.class).stream()
        .map(TokenKey::of)
        .flatMap(Optional::stream)
        .map(TokenKey::queued)
        .toList();
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      if (random.nextBoolean()) {
        world.add(TokenWorld.account("till", "s1", "missing"));
      }
      for (int i = random.nextInt(4); i > 0; i--) {
        world.add(secret("s" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<ServiceAccountTokenSnapshot> wire(ModelCaches caches) {
    Informer<Secret> secrets = caches.informer(Kinds.SECRETS);
    Informer<ServiceAccount> accounts = caches.informer(Kinds.SERVICE_ACCOUNTS);
    return ModelLoop.<ServiceAccountTokenSnapshot>over(caches)
        .on(secrets, TokenMapper.INSTANCE)
        .reading(
            new ServiceAccountTokenReader(
                secrets.lister(), accounts.lister(), TokenWorld.SIGNER, TokenWorld.CERTIFICATES))
        .deciding(new ServiceAccountTokenReconciler());
  }

  /** A Secret of an account that is there stays, and a token stays what it was. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (Secret secret : cluster.list(Secret.class)) {
      boolean deleted = secret.getMetadata().getDeletionTimestamp() != null;
      boolean owned =
          cluster.list(ServiceAccount.class).stream()
              .anyMatch(a -> TokenSecrets.isAccount(a, TokenSecrets.accountUid(secret)));
      if ((deleted && owned) || !keepsToken(start, secret)) {
        throw new AssertionError(secret.getMetadata().getName() + " must stay as it is");
      }
    }
  }

  private static boolean keepsToken(List<HasMetadata> start, Secret secret) {
    return start.stream()
        .filter(Secret.class::isInstance)
        .map(Secret.class::cast)
        .filter(other -> ObjectKey.of(other).equals(ObjectKey.of(secret)))
        .map(other -> other.getData() == null ? null : other.getData().get("token"))
        .allMatch(token -> token == null || token.equals(secret.getData().get("token")));
  }

  private static Secret secret(String name, RandomGenerator random) {
    Secret secret = TokenWorld.secret(name);
    Map<String, String> annotations = secret.getMetadata().getAnnotations();
    switch (random.nextInt(4)) {
      case 0 -> annotations.remove(TokenSecrets.ACCOUNT_UID);
      case 1 -> annotations.put(TokenSecrets.ACCOUNT_UID, "another");
      default -> {}
    }
    return switch (random.nextInt(3)) {
      case 0 -> TokenWorld.filled(secret);
      case 1 -> TokenWorld.filled(secret, "ca.crt");
      default -> secret;
    };
  }
}
