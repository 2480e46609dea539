package dev.kcm.controllers.auth.tokencleaner;

import dev.kcm.controllers.shared.bootstraptokens.TestToken;
import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

class TokenCleanerLawsTest extends ReconcilerLaws<TokenCleanerSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.SECRETS;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(0, 5).next(random); i > 0; i--) {
        world.add(token("abc12" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<TokenCleanerSnapshot> wire(ModelCaches caches) {
    Informer<Secret> secrets = caches.informer(Kinds.SECRETS);
    return ModelLoop.<TokenCleanerSnapshot>over(caches)
        .on(secrets, Enqueue.to(TokenCleanerController::keysOf))
        .reading(new TokenCleanerReader(secrets.lister()))
        .deciding(new TokenCleanerReconciler());
  }

  /** Nothing goes away that is not a token past its end. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (Secret secret : cluster.list(Secret.class)) {
      boolean deleted = secret.getMetadata().getDeletionTimestamp() != null;
      if (deleted && !secret.getMetadata().getLabels().containsKey("ends")) {
        throw new AssertionError(secret.getMetadata().getName() + " must stay");
      }
    }
  }

  private static Secret token(String id, RandomGenerator random) {
    TestToken token = TestToken.of(id);
    int kind = random.nextInt(4);
    if (kind == 0) {
      token.type("Opaque").expiring(start().minusSeconds(5));
    } else if (kind < 3) {
      token.expiring(start().plusSeconds(random.nextInt(20) - 10));
    }
    Secret secret = token.build();
    secret.getMetadata().getLabels().put(kind == 1 || kind == 2 ? "ends" : "stays", "");
    return secret;
  }
}
