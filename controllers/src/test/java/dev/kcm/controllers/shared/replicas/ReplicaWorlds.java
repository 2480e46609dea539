package dev.kcm.controllers.shared.replicas;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.OwnerReferences;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;

/**
 * Random worlds of owners and pods: overlapping selectors, orphans, strays, pods of others, pods in
 * every state.
 */
public final class ReplicaWorlds<T extends HasMetadata> {

  private static final Gen<String> APP = Gen.pick(List.of("a", "b"));
  private static final Gen<String> PHASE =
      Gen.pick(List.of("Running", "Running", "Running", "Pending", "Unknown", "Failed"));
  private static final Gen<Duration> MIN_READY =
      Gen.pick(List.of(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(5)));

  private final ReplicaKind<T> kind;
  private final BiFunction<String, Wish, T> make;
  private final Instant start;

  /** What a random owner wants. */
  public record Wish(int replicas, Map<String, String> labels, Duration minReady) {}

  public ReplicaWorlds(ReplicaKind<T> kind, BiFunction<String, Wish, T> make, Instant start) {
    this.kind = kind;
    this.make = make;
    this.start = start;
  }

  public Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<T> owners = new ArrayList<>();
      for (int i = Gen.ints(1, 3).next(random); i > 0; i--) {
        owners.add(make.apply("owner-" + i, wish(random)));
      }
      List<HasMetadata> world = new ArrayList<>(owners);
      for (int i = Gen.ints(0, 9).next(random); i > 0; i--) {
        world.add(pod("pod-" + i, owners, random));
      }
      return world;
    };
  }

  /** A kubelet and a scheduler: pods get a node and become ready. */
  public void progress(ModelCluster cluster) {
    String now = cluster.environment().wallClock().now().toString();
    for (Pod pod : cluster.list(Pod.class)) {
      if (PodStates.isActive(pod) && !PodStates.isReady(pod)) {
        cluster.change(Pod.class, ObjectKey.of(pod), p -> started(p, now));
      }
    }
  }

  /**
   * No owner ever has more active pods than it wants or had, nor fewer; only orphans that another
   * owner lets go may come on top, since they are adopted first and counted then.
   */
  public void checkBounds(List<HasMetadata> before, ModelCluster cluster) {
    for (T object : cluster.list(kind.type().type())) {
      ReplicaOwner owner = kind.owner(object);
      long had = before.stream().filter(o -> isActiveUnder(o, owner, true)).count();
      long strays = before.stream().filter(o -> isStrayFor(o, owner)).count();
      long kept = before.stream().filter(o -> isKept(o, owner)).count();
      long has = cluster.all().stream().filter(o -> isActiveUnder(o, owner, false)).count();
      long most = Math.max(owner.desired(), had) + strays;
      require(has <= most, owner.key() + " has too many pods: " + has);
      require(has >= Math.min(owner.desired(), kept), owner.key() + " has too few pods: " + has);
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static boolean isActiveUnder(HasMetadata object, ReplicaOwner owner, boolean orphansToo) {
    if (!(object instanceof Pod pod) || !PodStates.isActive(pod)) {
      return false;
    }
    boolean orphan = OwnerReferences.controllerOf(pod).isEmpty();
    return OwnerReferences.isControlledBy(pod, owner.object())
        || (orphansToo && orphan && owner.selector().matches(pod.getMetadata().getLabels()));
  }

  private static boolean isStrayFor(HasMetadata object, ReplicaOwner owner) {
    return object instanceof Pod pod
        && OwnerReferences.controllerOf(pod).isPresent()
        && !OwnerReferences.isControlledBy(pod, owner.object())
        && owner.selector().matches(pod.getMetadata().getLabels());
  }

  private static boolean isKept(HasMetadata object, ReplicaOwner owner) {
    return isActiveUnder(object, owner, false)
        && owner.selector().matches(object.getMetadata().getLabels());
  }

  private static Wish wish(RandomGenerator random) {
    return new Wish(
        Gen.ints(0, 6).next(random), Map.of("app", APP.next(random)), MIN_READY.next(random));
  }

  private Pod pod(String name, List<T> owners, RandomGenerator random) {
    TestPod pod = TestPod.named(name).phase(PHASE.next(random));
    if (random.nextInt(8) > 0) {
      pod.labels(Map.of("app", APP.next(random)));
    }
    int owner = random.nextInt(owners.size() + 2);
    if (owner < owners.size()) {
      pod.of(owners.get(owner), kind.type());
    } else if (owner == owners.size()) {
      pod.of(make.apply("stranger", wish(random)), kind.type());
    }
    pod.node(random.nextInt(4) == 0 ? "" : "node-" + random.nextInt(2));
    pod.created(start.minusSeconds(random.nextInt(100_000)));
    if (random.nextBoolean()) {
      pod.readySince(start.minusSeconds(random.nextInt(20)));
    }
    if (random.nextInt(6) == 0) {
      pod.deletedAt(start);
    }
    return pod.build();
  }

  private static Pod started(Pod pod, String now) {
    return new PodBuilder(pod)
        .editSpec()
        .withNodeName("node-1")
        .endSpec()
        .withNewStatus()
        .withPhase("Running")
        .addNewCondition()
        .withType("Ready")
        .withStatus("True")
        .withLastTransitionTime(now)
        .endCondition()
        .endStatus()
        .build();
  }
}
