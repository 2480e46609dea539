package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.shared.cel.DeviceExpressions;
import dev.kcm.controllers.shared.evictions.Countdown;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.controllers.shared.pods.TestPod;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelLoop;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClassBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceTaint;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceToleration;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaimBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSliceBuilder;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRuleBuilder;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Devices of the driver {@code gpu.example.com}, and who uses them, described in one line. */
final class TestDevices {

  static final String DRIVER = "gpu.example.com";
  static final String POOL = "pool-1";

  private TestDevices() {}

  static DeviceTaint taint(Instant added) {
    return taint("broken", "NoExecute", added);
  }

  static DeviceTaint taint(String key, String effect, Instant added) {
    return new DeviceTaint(effect, key, added == null ? null : added.toString(), "yes");
  }

  static Device device(String name, DeviceTaint... taints) {
    return new DeviceBuilder().withName(name).withTaints(taints).build();
  }

  static ResourceSlice slice(String name, long generation, Device... devices) {
    return new ResourceSliceBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withDriver(DRIVER)
        .withNodeName("node-1")
        .withNewPool(generation, POOL, 1L)
        .withDevices(devices)
        .endSpec()
        .build();
  }

  static DeviceToleration tolerates(String key, Long seconds) {
    return new DeviceToleration("NoExecute", key, "Exists", seconds, null);
  }

  /** A claim that got a device of the pool, for nobody yet. */
  static ResourceClaim claim(String name, String device, DeviceToleration... tolerations) {
    return new ResourceClaimBuilder()
        .withNewMetadata()
        .withNamespace("shop")
        .withName(name)
        .withUid("uid-of-" + name)
        .endMetadata()
        .withNewSpec()
        .endSpec()
        .withNewStatus()
        .withNewAllocation()
        .withNewDevices()
        .addNewResult()
        .withDriver(DRIVER)
        .withPool(POOL)
        .withDevice(device)
        .withRequest("r")
        .withTolerations(tolerations)
        .endResult()
        .endDevices()
        .endAllocation()
        .endStatus()
        .build();
  }

  static ResourceClaim reserved(ResourceClaim claim, Pod... pods) {
    ResourceClaimBuilder builder = new ResourceClaimBuilder(claim);
    builder.editStatus().withReservedFor(List.of()).endStatus();
    for (Pod pod : pods) {
      builder =
          builder
              .editStatus()
              .addNewReservedFor(
                  null, pod.getMetadata().getName(), "pods", pod.getMetadata().getUid())
              .endStatus();
    }
    return builder.build();
  }

  static ResourceClaim ownedBy(ResourceClaim claim, Pod pod) {
    return new ResourceClaimBuilder(claim)
        .editMetadata()
        .addNewOwnerReference()
        .withApiVersion("v1")
        .withKind("Pod")
        .withName(pod.getMetadata().getName())
        .withUid(pod.getMetadata().getUid())
        .withController(true)
        .endOwnerReference()
        .endMetadata()
        .build();
  }

  /** A running pod that names claims. */
  static Pod pod(String name, String... claims) {
    PodBuilder pod = new PodBuilder(TestPod.named(name).build());
    Arrays.stream(claims)
        .forEach(claim -> pod.editSpec().addNewResourceClaim(claim, claim, null).endSpec());
    return pod.build();
  }

  /** A running pod with a claim of its own, made from a template. */
  static Pod templated(String name, String claim) {
    return new PodBuilder(TestPod.named(name).build())
        .editSpec()
        .addNewResourceClaim("own", null, "template")
        .endSpec()
        .editStatus()
        .addNewResourceClaimStatus("own", claim)
        .endStatus()
        .build();
  }

  /** A rule for devices that such fields select; no fields for all. */
  static DeviceTaintRule rule(String name, Instant added, Map<String, Object> selector) {
    return ruleWith(name, taint("by-rule", "NoExecute", added), selector);
  }

  static DeviceTaintRule ruleWith(String name, DeviceTaint t, Map<String, Object> selector) {
    DeviceTaintRuleBuilder rule =
        new DeviceTaintRuleBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .withNewTaint(t.getEffect(), t.getKey(), t.getTimeAdded(), t.getValue())
            .endSpec();
    if (selector.isEmpty()) {
      return rule.build();
    }
    rule =
        rule.editSpec()
            .withNewDeviceSelector()
            .withDriver((String) selector.get("driver"))
            .withPool((String) selector.get("pool"))
            .withDevice((String) selector.get("device"))
            .endDeviceSelector()
            .endSpec();
    DeviceTaintRule built = rule.build();
    for (String more : List.of("deviceClassName", "selectors")) {
      if (selector.containsKey(more)) {
        built.getSpec().getDeviceSelector().setAdditionalProperty(more, selector.get(more));
      }
    }
    return built;
  }

  static List<Map<String, Object>> cel(String... expressions) {
    return Arrays.stream(expressions)
        .<Map<String, Object>>map(text -> Map.of("cel", Map.of("expression", text)))
        .toList();
  }

  static DeviceClass deviceClass(String name, String... expressions) {
    DeviceClassBuilder builder =
        new DeviceClassBuilder()
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .withNewSpec()
            .endSpec();
    for (String text : expressions) {
      builder = builder.editSpec().addNewSelector().withNewCel(text).endSelector().endSpec();
    }
    return builder.build();
  }

  static ModelLoop<DeviceTaintEvictionSnapshot> wire(ModelCaches caches) {
    Informer<Pod> pods = caches.informer(PodStates.TYPE);
    Informer<ResourceClaim> claims = caches.informer(DeviceKinds.CLAIMS);
    Informer<ResourceSlice> slices = caches.informer(DeviceKinds.SLICES);
    Informer<DeviceTaintRule> rules = caches.informer(DeviceKinds.RULES);
    Informer<DeviceClass> classes = caches.informer(DeviceKinds.CLASSES);
    Pools pools = Pools.of(slices);
    TaintRules taints = TaintRules.of(rules, classes, DeviceExpressions.create(false));
    ClaimUses uses = ClaimUses.of(claims);
    return ModelLoop.<DeviceTaintEvictionSnapshot>over(caches)
        .on(pods, new PodMapper())
        .on(claims, new ClaimMapper())
        .on(slices, new SliceMapper(uses::wakeUsersOf))
        .on(rules, new RuleMapper(uses))
        .on(classes, DeviceTaintEvictionController.usersOfClass(taints, uses))
        .reading(new DeviceTaintEvictionReader(pods.lister(), claims.lister(), pools, taints))
        .deciding(new DeviceTaintEvictionReconciler(), Countdown.NONE);
  }

  static ModelLoop<RuleCheckSnapshot> wireChecks(ModelCaches caches) {
    Informer<ResourceSlice> slices = caches.informer(DeviceKinds.SLICES);
    Informer<DeviceTaintRule> rules = caches.informer(DeviceKinds.RULES);
    Informer<DeviceClass> classes = caches.informer(DeviceKinds.CLASSES);
    Pools pools = Pools.of(slices);
    TaintRules taints = TaintRules.of(rules, classes, DeviceExpressions.create(false));
    return ModelLoop.<RuleCheckSnapshot>over(caches)
        .on(rules, Enqueue.self())
        .on(slices, DeviceTaintEvictionController.checkedLater(taints))
        .on(classes, new ClassMapper(taints, (rule, keys) -> keys.enqueue(ObjectKey.of(rule))))
        .reading(new RuleCheckReader(rules.lister(), pools, taints))
        .deciding(new RuleCheckReconciler(), RuleProblem.NONE);
  }
}
