package dev.kcm.controllers.auth.legacytokencleaner;

import static dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerReconciler.INVALID_SINCE;
import static dev.kcm.controllers.auth.legacytokencleaner.LegacyTokenCleanerReconciler.LAST_USED;
import static dev.kcm.controllers.auth.legacytokencleaner.TestLegacyToken.daysAgo;
import static dev.kcm.controllers.auth.legacytokencleaner.TestLegacyToken.labelled;

import dev.kcm.controllers.shared.objects.Kinds;
import dev.kcm.core.object.ObjectKey;
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
import java.util.Map;
import java.util.random.RandomGenerator;

class LegacyTokenCleanerLawsTest extends ReconcilerLaws<LegacyTokenCleanerSnapshot> {

  @Override
  protected ResourceType<?> primary() {
    return Kinds.SECRETS;
  }

  @Override
  protected List<ObjectKey> keys(ModelCluster cluster) {
    return List.of(LegacyTokenCleanerController.PASS);
  }

  @Override
  protected boolean sweeps() {
    return true;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      world.add(TestLegacyToken.tracking(Map.of("since", daysAgo(random.nextInt(30)))));
      world.add(TestLegacyToken.account("t0", "t1", "t2"));
      for (int i = random.nextInt(5); i >= 0; i--) {
        world.add(token("t" + i, random));
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<LegacyTokenCleanerSnapshot> wire(ModelCaches caches) {
    return LegacyTokenCleanerTest.wire(caches);
  }

  /** Nothing goes away that was not marked before, and nothing that users made. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      if (object instanceof Secret token) {
        boolean deleted =
            cluster
                .get(Secret.class, ObjectKey.of(token))
                .filter(found -> found.getMetadata().getDeletionTimestamp() == null)
                .isEmpty();
        boolean marked =
            token.getMetadata().getLabels() != null
                && token.getMetadata().getLabels().containsKey(INVALID_SINCE);
        boolean listed = List.of("t0", "t1", "t2").contains(token.getMetadata().getName());
        if (deleted && !(marked && listed)) {
          throw new AssertionError("deleted: " + token.getMetadata().getName());
        }
      }
    }
  }

  private static Secret token(String name, RandomGenerator random) {
    Secret token = TestLegacyToken.token(name, random.nextInt(30));
    if (random.nextBoolean()) {
      token = labelled(token, LAST_USED, daysAgo(random.nextInt(30)));
    }
    return random.nextBoolean()
        ? labelled(token, INVALID_SINCE, daysAgo(random.nextInt(30)))
        : token;
  }
}
