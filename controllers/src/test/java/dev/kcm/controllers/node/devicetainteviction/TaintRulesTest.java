package dev.kcm.controllers.node.devicetainteviction;

import static dev.kcm.controllers.node.devicetainteviction.TestDevices.cel;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.claim;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.deviceClass;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.pod;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.reserved;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.rule;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.ruleWith;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.slice;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.taint;
import static dev.kcm.controllers.node.devicetainteviction.TestDevices.tolerates;
import static dev.kcm.testkit.PlanAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.plan.Action;
import dev.kcm.core.time.VirtualEnvironment;
import dev.kcm.testkit.ModelCaches;
import dev.kcm.testkit.ModelCluster;
import dev.kcm.testkit.ModelLoop;
import dev.kcm.testkit.Rehearsal;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceAttributeBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceCapacityBuilder;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Taints that rules put on devices, and what is said of rules that have no answer. */
class TaintRulesTest {

  private static final ObjectKey A = new ObjectKey("shop", "a");
  private static final ObjectKey RULE = new ObjectKey("", "r");

  private final VirtualEnvironment environment = VirtualEnvironment.seeded(1);
  private final ModelCluster cluster = ModelCluster.of(environment, List.of());
  private final ModelCaches caches = ModelCaches.of(cluster, 1);
  private final ModelLoop<DeviceTaintEvictionSnapshot> pods = TestDevices.wire(caches);
  private final ModelLoop<RuleCheckSnapshot> checks = TestDevices.wireChecks(caches);

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, -, true",
        "gpu.example.com, -, -, true",
        "gpu.example.com, pool-1, -, true",
        "gpu.example.com, pool-1, gpu, true",
        "-, pool-1, gpu, true",
        "-, -, gpu, true",
        "other.example.com, -, -, false",
        "-, other, -, false",
        "-, -, other, false",
        "gpu.example.com, other, gpu, false",
      })
  void selectsByDriverPoolAndDevice(String driver, String pool, String device, boolean goes) {
    useTheDevice();
    Map<String, Object> selector = new HashMap<>();
    selector.put("driver", driver);
    selector.put("pool", pool);
    selector.put("device", device);
    cluster.put(rule("r", now(), selector));
    assertThat(run()).deletes(goes ? 1 : 0, Pod.class);
  }

  @Test
  void aRuleWithoutSelectorTaintsAllDevices() {
    useTheDevice();
    cluster.put(rule("r", now(), Map.of()));
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  void theClaimMayTolerateTheTaintOfARule() {
    cluster.put(slice("s", 1, gpu()));
    Pod a = pod("a", "c");
    cluster.put(a);
    cluster.put(reserved(claim("c", "gpu", tolerates("by-rule", 30L)), a));
    cluster.put(rule("r", now().minusSeconds(10), Map.of()));
    assertThat(run()).looksAgainAfter(Duration.ofSeconds(20)).deletes(0, Pod.class);
  }

  @Test
  void aRuleThatLetsPodsStaySendsNobodyAway() {
    useTheDevice();
    cluster.put(ruleWith("r", taint("x", "NoSchedule", now()), Map.of()));
    assertThat(run().whole()).doesNothing();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "device.driver == 'gpu.example.com'",
        "device.attributes['gpu.example.com'].model == 'old'",
        "device.capacity['gpu.example.com'].memory.compareTo(quantity('8Gi')) <= 0",
      })
  void selectsByExpressions(String expression) {
    useTheDevice();
    cluster.put(rule("r", now(), Map.of("selectors", cel("true", expression))));
    assertThat(run()).deletes(Pod.class, "a");
    cluster.put(rule("r", now(), Map.of("selectors", cel(expression, "!(" + expression + ")"))));
    assertThat(run()).deletes(0, Pod.class);
  }

  @Test
  void selectsByTheExpressionsOfAClass() {
    useTheDevice();
    cluster.put(rule("r", now(), Map.of("deviceClassName", "old-gpus")));
    assertThat(run().whole()).as("there is no such class").doesNothing();
    pods.takeQueued();
    cluster.put(deviceClass("old-gpus", "device.attributes['gpu.example.com'].model == 'new'"));
    assertThat(queued()).containsExactly(A);
    assertThat(run().whole()).doesNothing();
    cluster.put(deviceClass("old-gpus"));
    assertThat(queued()).containsExactly(A);
    assertThat(run()).deletes(Pod.class, "a");
  }

  @Test
  void whatComesChangesAndGoesWakesTheUsersOfTheDevices() {
    useTheDevice();
    queued();
    DeviceTaintRule narrow = rule("r", now().plusSeconds(60), Map.of("pool", TestDevices.POOL));
    cluster.put(narrow);
    assertThat(queued()).containsExactly(A);
    run();
    cluster.put(rule("r", now().plusSeconds(60), Map.of("pool", "other")));
    assertThat(queued()).containsExactly(A);
    cluster.put(narrow);
    assertThat(queued()).containsExactly(A);
    run();
    cluster.remove(narrow);
    assertThat(queued()).containsExactly(A);
    run();
    assertThat(cluster.events())
        .extracting(Action.Emit::message)
        .containsExactly("Cancelling deletion");
    cluster.put(rule("elsewhere", now(), Map.of("driver", "other.example.com")));
    assertThat(queued()).isEmpty();
  }

  @Test
  void aClassThatIsGoneWakesTheUsersOfTheDevices() {
    useTheDevice();
    DeviceClass all = deviceClass("all", "true");
    cluster.put(all);
    cluster.put(rule("r", now().plusSeconds(60), Map.of("deviceClassName", "all")));
    queued();
    cluster.put(deviceClass("unrelated", "true"));
    assertThat(queued()).isEmpty();
    cluster.remove(all);
    assertThat(queued()).containsExactly(A);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "device.attributes['gpu.example.com'].missing | CELRuntimeError | selector #1: runtime error:",
        "?!                                           | CELCompileError | selector #1: compilation failed:",
        "1                                            | CELCompileError | selector #1: must evaluate to bool",
      })
  void aRuleThatHasNoAnswerDoesNotTaintAndIsToldOnce(String text, String reason, String message) {
    useTheDevice();
    cluster.put(rule("r", now(), Map.of("selectors", cel("true", text))));
    assertThat(run().whole()).doesNothing();
    check();
    check();
    assertThat(cluster.events()).hasSize(1);
    Action.Emit event = cluster.events().get(0);
    assertThat(event.reason()).isEqualTo(reason);
    assertThat(event.message()).startsWith(message);
    assertThat(event.severity()).isEqualTo(Action.Severity.WARNING);
    assertThat(event.regarding().getMetadata().getName()).isEqualTo("r");
  }

  @Test
  void aClassThatHasNoAnswerIsToldOfTheRule() {
    useTheDevice();
    cluster.put(deviceClass("odd", "true", "?!"));
    cluster.put(rule("r", now(), Map.of("deviceClassName", "odd")));
    assertThat(run().whole()).doesNothing();
    check();
    assertThat(cluster.events().get(0).message()).startsWith("class odd: selector #1: ");
  }

  @Test
  void aProblemThatComesBackIsToldAgain() {
    useTheDevice();
    DeviceTaintRule broken = rule("r", now(), Map.of("selectors", cel("?!")));
    cluster.put(broken);
    check();
    cluster.put(rule("r", now(), Map.of("selectors", cel("true"))));
    check();
    cluster.put(broken);
    check();
    assertThat(cluster.events()).hasSize(2);
  }

  @Test
  void rulesWithoutExpressionsAreNotTried() {
    useTheDevice();
    cluster.put(rule("r", now(), Map.of("device", "gpu")));
    check();
    assertThat(cluster.events()).isEmpty();
  }

  @Test
  void slicesLeadToOneLookAtARuleAfterAWhile() {
    cluster.put(rule("r", now(), Map.of("selectors", cel("true"))));
    cluster.put(rule("plain", now(), Map.of("device", "gpu")));
    cluster.put(rule("elsewhere", now(), Map.of("pool", "x", "selectors", cel("true"))));
    caches.catchUp();
    checks.takeQueued();
    cluster.put(slice("s", 1, gpu()));
    cluster.put(slice("t", 1, gpu()));
    caches.catchUp();
    assertThat(checks.takeDelayed()).containsExactly(Map.entry(RULE, Duration.ofSeconds(10)));
    assertThat(checks.takeQueued()).isEmpty();
  }

  private void useTheDevice() {
    cluster.put(slice("s", 1, gpu()));
    Pod a = pod("a", "c");
    cluster.put(a);
    cluster.put(reserved(claim("c", "gpu"), a));
    caches.catchUp();
  }

  private static Device gpu() {
    return new DeviceBuilder()
        .withName("gpu")
        .addToAttributes("model", new DeviceAttributeBuilder().withString("old").build())
        .addToCapacity("memory", new DeviceCapacityBuilder().withValue(new Quantity("8Gi")).build())
        .build();
  }

  private Instant now() {
    return environment.wallClock().now();
  }

  private List<ObjectKey> queued() {
    caches.catchUp();
    return pods.takeQueued();
  }

  private Rehearsal run() {
    caches.catchUp();
    return pods.run(A);
  }

  private void check() {
    caches.catchUp();
    checks.run(RULE);
  }
}
