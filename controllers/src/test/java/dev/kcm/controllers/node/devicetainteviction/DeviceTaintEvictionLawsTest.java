package dev.kcm.controllers.node.devicetainteviction;

import static dev.kcm.controllers.node.devicetainteviction.TestDevices.cel;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.claim;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.device;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.ownedBy;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.pod;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.reserved;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.ruleWith;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.slice;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.taint;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.templated;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.tolerates;

import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceTaint;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceToleration;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

class DeviceTaintEvictionLawsTest extends ReconcilerLaws<DeviceTaintEvictionSnapshot> {

  private static final List<String> NAMES = List.of("gpu-1", "gpu-2", "gpu-3");
  private static final Gen<String> DEVICE = Gen.pick(List.of("gpu-1", "gpu-2", "gpu-3", "no"));
  private static final Gen<String> KEY = Gen.pick(List.of("x", "y"));
  private static final Gen<String> EFFECT = Gen.pick(List.of("NoExecute", "NoSchedule"));
  private static final Gen<Map<String, Object>> SELECTOR =
      Gen.pick(
          List.of(
              Map.of(),
              Map.of("device", "gpu-1"),
              Map.of("pool", TestDevices.POOL, "device", "gpu-2"),
              Map.of("driver", "other.example.com"),
              Map.of("deviceClassName", "missing"),
              Map.of("selectors", cel("device.driver == 'gpu.example.com'")),
              Map.of("selectors", cel("device.attributes['a'].missing"))));

  @Override
  protected ResourceType<?> primary() {
    return PodStates.TYPE;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      for (int i = Gen.ints(0, 3).next(random); i > 0; i--) {
        world.add(slice("slice-" + i, Gen.ints(1, 2).next(random), devices(random)));
      }
      if (random.nextInt(3) == 0) {
        DeviceTaint taint = taint(KEY.next(random), EFFECT.next(random), time(random));
        world.add(ruleWith("rule", taint, SELECTOR.next(random)));
      }
      for (int i = Gen.ints(0, 5).next(random); i > 0; i--) {
        addPod("pod-" + i, world, random);
      }
      return world;
    };
  }

  @Override
  protected ModelLoop<DeviceTaintEvictionSnapshot> wire(ModelCaches caches) {
    return TestDevices.wire(caches);
  }

  /** Pods are deleted only where something is tainted, and only those that use something. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    boolean somethingIsTainted = start.stream().anyMatch(DeviceTaintEvictionLawsTest::taints);
    for (HasMetadata object : start) {
      if (object instanceof Pod pod
          && pod.getMetadata().getDeletionTimestamp() == null
          && (!somethingIsTainted || pod.getSpec().getResourceClaims().isEmpty())
          && cluster
              .get(Pod.class, ObjectKey.of(pod))
              .filter(now -> now.getMetadata().getDeletionTimestamp() == null)
              .isEmpty()) {
        throw new AssertionError("a pod was deleted for nothing: " + pod.getMetadata().getName());
      }
    }
  }

  private static boolean taints(HasMetadata object) {
    if (object instanceof ResourceSlice slice) {
      return slice.getSpec().getDevices().stream()
          .flatMap(device -> device.getTaints().stream())
          .anyMatch(taint -> "NoExecute".equals(taint.getEffect()));
    }
    return object instanceof DeviceTaintRule rule
        && "NoExecute".equals(rule.getSpec().getTaint().getEffect());
  }

  private static Device[] devices(RandomGenerator random) {
    return NAMES.stream()
        .filter(name -> random.nextInt(3) > 0)
        .map(
            name ->
                random.nextBoolean()
                    ? device(name)
                    : device(name, taint(KEY.next(random), EFFECT.next(random), time(random))))
        .toArray(Device[]::new);
  }

  private static Instant time(RandomGenerator random) {
    return start().plusSeconds(random.nextInt(60) - 40);
  }

  private static void addPod(String name, List<HasMetadata> world, RandomGenerator random) {
    boolean generated = random.nextBoolean();
    String claimName = "claim-of-" + name;
    PodBuilder builder =
        new PodBuilder(generated ? templated(name, claimName) : pod(name, claimName));
    if (random.nextInt(6) == 0) {
      builder.editSpec().withNodeName(null).endSpec();
    }
    if (random.nextInt(6) == 0) {
      builder.editMetadata().withDeletionTimestamp(start().toString()).endMetadata();
    }
    Pod pod = builder.build();
    world.add(pod);
    ResourceClaim claim = claim(claimName, DEVICE.next(random), tolerations(random));
    claim = random.nextInt(5) == 0 ? claim : reserved(claim, pod);
    world.add(generated && random.nextInt(5) > 0 ? ownedBy(claim, pod) : claim);
  }

  private static DeviceToleration[] tolerations(RandomGenerator random) {
    DeviceToleration[] tolerations = new DeviceToleration[random.nextInt(3)];
    for (int i = 0; i < tolerations.length; i++) {
      Long seconds = random.nextInt(4) == 0 ? null : (long) random.nextInt(60);
      tolerations[i] = tolerates(KEY.next(random), seconds);
    }
    return tolerations;
  }
}
