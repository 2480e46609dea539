package dev.kcm.controllers.node.devicetainteviction;

import static dev.kcm.controllers.node.devicetainteviction.TestDevices.cel;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.device;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.deviceClass;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.rule;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.slice;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.testkit.Gen;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.ReconcilerLaws;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class RuleCheckLawsTest extends ReconcilerLaws<RuleCheckSnapshot> {

  private static final Gen<String> TEXT =
      Gen.pick(List.of("true", "false", "?!", "device.attributes['a'].b", "device.driver == 'x'"));

  @Override
  protected ResourceType<?> primary() {
    return DeviceKinds.RULES;
  }

  @Override
  protected Gen<List<HasMetadata>> worlds() {
    return random -> {
      List<HasMetadata> world = new ArrayList<>();
      world.add(slice("slice", 1, device("gpu-1"), device("gpu-2")));
      world.add(deviceClass("class", TEXT.next(random)));
      for (int i = Gen.ints(0, 3).next(random); i > 0; i--) {
        world.add(
            random.nextBoolean()
                ? rule("r-" + i, start(), Map.of("selectors", cel(TEXT.next(random))))
                : rule("r-" + i, start(), Map.of("deviceClassName", "class", "device", "gpu-1")));
      }
      return world;
    };
  }

  /** A rule may be for all devices there are. */
  @Override
  protected boolean surveys() {
    return true;
  }

  @Override
  protected ModelLoop<RuleCheckSnapshot> wire(ModelCaches caches) {
    return TestDevices.wireChecks(caches);
  }

  /** Nothing is written, so that nothing can be overdone. */
  @Override
  protected void checkBounds(List<HasMetadata> start, ModelCluster cluster) {
    for (HasMetadata object : start) {
      if (cluster.get(object.getClass(), ObjectKey.of(object)).isEmpty()) {
        throw new AssertionError("deleted: " + object.getMetadata().getName());
      }
    }
  }
}
