package dev.kcm.testkit;

import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.Reconciler;
import dev.kcm.core.plan.Stage;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A controller small enough to read: a ConfigMap wants a number of Secrets. */
final class Greeters {

  static final ResourceType<ConfigMap> OWNERS = ResourceType.of(ConfigMap.class);
  static final ResourceType<Secret> SECRETS = ResourceType.of(Secret.class);

  private static final String BY_OWNER = "owner";

  private Greeters() {}

  /** What is wrong with it. */
  enum Bug {
    NONE,
    DEPENDS_ON_ORDER,
    NEVER_SETTLES,
    DELETES_UNSEEN_UID,
    CREATES_WHILE_DELETED,
    SWALLOWS_REJECTIONS,
    IGNORES_LAG,
    READS_EVERYTHING
  }

  record Snapshot(ConfigMap owner, List<Secret> secrets, boolean settled) {}

  record Decision(Bug bug) implements Reconciler<Snapshot> {

    @Override
    public Plan decide(Snapshot snapshot, Instant now) {
      if (!snapshot.settled() && bug != Bug.IGNORES_LAG) {
        return Plan.NOTHING;
      }
      int missing = wanted(snapshot.owner()) - snapshot.secrets().size();
      List<Action> actions = new ArrayList<>();
      boolean deleted = snapshot.owner().getMetadata().getDeletionTimestamp() != null;
      for (int i = 0; i < missing && (!deleted || bug == Bug.CREATES_WHILE_DELETED); i++) {
        actions.add(Action.create(SECRETS, secret(snapshot.owner()), "too few").expecting());
      }
      surplus(snapshot, -missing).forEach(s -> actions.add(deletion(s)));
      if (bug == Bug.NEVER_SETTLES) {
        actions.add(
            new Action.Emit(
                snapshot.owner(), OWNERS, Action.Severity.NORMAL, "Looked", "looked", "always"));
      }
      Plan plan = actions.isEmpty() ? Plan.NOTHING : Plan.of(Stage.keepGoing(actions));
      return bug == Bug.SWALLOWS_REJECTIONS ? plan.then(report -> Plan.NOTHING) : plan;
    }

    private List<Secret> surplus(Snapshot snapshot, int count) {
      List<Secret> secrets = new ArrayList<>(snapshot.secrets());
      if (bug != Bug.DEPENDS_ON_ORDER) {
        secrets.sort(Comparator.comparing(ObjectKey::of));
      }
      return secrets.subList(0, Math.max(0, count));
    }

    private Action deletion(Secret secret) {
      Action.Delete<Secret> delete = Action.delete(SECRETS, secret, "too many").expecting();
      return bug != Bug.DELETES_UNSEEN_UID
          ? delete
          : new Action.Delete<>(SECRETS, delete.key(), "guess", null, null, null, true, "too many");
    }
  }

  static ModelLoop<Snapshot> wire(ModelCaches caches, Bug bug) {
    Informer<ConfigMap> owners = caches.informer(OWNERS);
    Informer<Secret> secrets = caches.informer(SECRETS);
    secrets.ensureIndex(BY_OWNER, Greeters::ownerUids);
    return ModelLoop.<Snapshot>over(caches)
        .on(owners, Enqueue.self())
        .on(secrets, Enqueue.ownerExpecting(OWNERS))
        .reading(
            (key, settled) ->
                owners
                    .lister()
                    .get(key)
                    .map(owner -> new Snapshot(owner, of(owner, secrets, bug), settled)))
        .deciding(new Decision(bug));
  }

  static Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(1, 2).next(random); i > 0; i--) {
        ConfigMap owner = owner("greeter-" + i, Gen.ints(0, 4).next(random));
        world.add(owner);
        for (int j = Gen.ints(0, 4).next(random); j > 0; j--) {
          String name = owner.getMetadata().getName() + "-" + j;
          world.add(
              new SecretBuilder(secret(owner))
                  .editMetadata()
                  .withName(name)
                  .withUid("uid-of-" + name)
                  .endMetadata()
                  .build());
        }
      }
      return world;
    };
  }

  static ConfigMap owner(String name, int wanted) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .endMetadata()
        .withData(Map.of("wanted", Integer.toString(wanted)))
        .build();
  }

  static Secret secret(ConfigMap owner) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withGenerateName(owner.getMetadata().getName() + "-")
        .withOwnerReferences(OwnerReferences.controllerReference(owner, OWNERS))
        .endMetadata()
        .build();
  }

  static int wanted(ConfigMap owner) {
    return Integer.parseInt(owner.getData().get("wanted"));
  }

  static ApiError refusal() {
    return ApiError.of(ApiError.Kind.FORBIDDEN, 403, "no");
  }

  private static List<String> ownerUids(Secret secret) {
    return secret.getMetadata().getOwnerReferences().stream().map(OwnerReference::getUid).toList();
  }

  private static List<Secret> of(ConfigMap owner, Informer<Secret> secrets, Bug bug) {
    List<Secret> candidates =
        bug == Bug.READS_EVERYTHING
            ? secrets.lister().list()
            : secrets.lister().byIndex(BY_OWNER, owner.getMetadata().getUid());
    return candidates.stream()
        .filter(secret -> OwnerReferences.isControlledBy(secret, owner))
        .filter(secret -> secret.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }
}
