package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.shared.cel.DeviceExpressions;
import dev.kcm.controllers.shared.evictions.Countdown;
import dev.kcm.controllers.shared.evictions.EvictionMetrics;
import dev.kcm.controllers.shared.pods.PodStates;
import dev.kcm.core.access.Access;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.loop.Enqueue;
import dev.kcm.core.loop.Keys;
import dev.kcm.core.loop.Loop;
import dev.kcm.core.manager.ControllerContext;
import dev.kcm.core.manager.ControllerSpec;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.time.WallClock;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceSlice;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The device taint eviction controller: names and wiring.
 *
 * <p>Immutable.
 */
public final class DeviceTaintEvictionController {

  /** Canonical name. */
  public static final String NAME = "device-taint-eviction-controller";

  private static final String CONSUMABLE_CAPACITY = "DRAConsumableCapacity";
  private static final int WORKERS = 8;

  /** Many slices that change together lead to one look at a rule. */
  private static final Duration CHECKED_AFTER = Duration.ofSeconds(10);

  private DeviceTaintEvictionController() {}

  /** The controller; it has nothing to tune. */
  public static ControllerSpec spec() {
    return ControllerSpec.named(NAME)
        .requires("DynamicResourceAllocation")
        .requires("DRADeviceTaints")
        .access(
            Access.to(PodStates.TYPE)
                .watch("claims and node")
                .get("whether the condition is set already")
                .delete("with the pod's own grace and the UID seen"),
            Access.to(PodStates.TYPE, "status").patch("condition DisruptionTarget"),
            Access.to(DeviceKinds.CLAIMS).watch("which devices are allocated to whom"),
            Access.to(DeviceKinds.SLICES).watch("devices and their taints"),
            Access.to(DeviceKinds.RULES).watch("taints that administrators put on devices"),
            Access.to(DeviceKinds.CLASSES).watch("expressions that rules select devices by"),
            Access.toRecordEvents())
        .wiredBy(DeviceTaintEvictionController::loops);
  }

  private static List<Loop<?>> loops(ControllerContext context) {
    Informer<ResourceSlice> slices = context.informer(DeviceKinds.SLICES);
    Informer<DeviceTaintRule> rules = context.informer(DeviceKinds.RULES);
    Informer<DeviceClass> classes = context.informer(DeviceKinds.CLASSES);
    Pools pools = Pools.of(slices);
    TaintRules taints =
        TaintRules.of(
            rules, classes, DeviceExpressions.create(context.enabled(CONSUMABLE_CAPACITY)));
    return List.of(
        evictions(context, slices, rules, classes, pools, taints),
        checks(slices, rules, classes, pools, taints));
  }

  private static Loop<DeviceTaintEvictionSnapshot> evictions(
      ControllerContext context,
      Informer<ResourceSlice> slices,
      Informer<DeviceTaintRule> rules,
      Informer<DeviceClass> classes,
      Pools pools,
      TaintRules taints) {
    Informer<Pod> pods = context.informer(PodStates.TYPE);
    Informer<ResourceClaim> claims = context.informer(DeviceKinds.CLAIMS);
    ClaimUses uses = ClaimUses.of(claims);
    return Loop.<DeviceTaintEvictionSnapshot>named("device_taint_eviction")
        .component(NAME)
        .on(pods, new PodMapper())
        .on(claims, new ClaimMapper())
        .on(slices, new SliceMapper(uses::wakeUsersOf))
        .on(rules, new RuleMapper(uses))
        .on(classes, usersOfClass(taints, uses))
        .reading(new DeviceTaintEvictionReader(pods.lister(), claims.lister(), pools, taints))
        .deciding(new DeviceTaintEvictionReconciler(), Countdown.NONE)
        .measuring(metrics(context.meters(), context.environment().wallClock()))
        .workers(WORKERS)
        .build();
  }

  /** Upstream's name for who says that an expression has no answer. */
  private static Loop<RuleCheckSnapshot> checks(
      Informer<ResourceSlice> slices,
      Informer<DeviceTaintRule> rules,
      Informer<DeviceClass> classes,
      Pools pools,
      TaintRules taints) {
    return Loop.<RuleCheckSnapshot>named("device_taint_rule")
        .component("resource_slice_tracker")
        .on(rules, Enqueue.self())
        .on(slices, checkedLater(taints))
        .on(classes, new ClassMapper(taints, (rule, keys) -> keys.enqueue(ObjectKey.of(rule))))
        .reading(new RuleCheckReader(rules.lister(), pools, taints))
        .deciding(new RuleCheckReconciler(), RuleProblem.NONE)
        .build();
  }

  static ClassMapper usersOfClass(TaintRules taints, ClaimUses uses) {
    return new ClassMapper(
        taints, (rule, keys) -> uses.wakeUsersOf(RuleSelector.of(rule)::fits, keys));
  }

  static SliceMapper checkedLater(TaintRules taints) {
    return new SliceMapper((pool, keys) -> checkLater(taints, pool, keys));
  }

  private static void checkLater(TaintRules taints, PoolName pool, Keys keys) {
    taints
        .about(pool)
        .filter(rule -> RuleSelector.of(rule).asks())
        .forEach(rule -> keys.enqueueAfter(ObjectKey.of(rule), CHECKED_AFTER));
  }

  static EvictionMetrics metrics(MeterRegistry meters, WallClock clock) {
    return EvictionMetrics.in(
        meters,
        "device_taint_eviction_controller",
        "Total number of Pods deleted by DeviceTaintEvictionController since its start.",
        "Latency, in seconds, between the time when a device taint effect has been activated and"
            + " a Pod's deletion via DeviceTaintEvictionController.",
        () -> Duration.between(Instant.EPOCH, clock.now()));
  }
}
