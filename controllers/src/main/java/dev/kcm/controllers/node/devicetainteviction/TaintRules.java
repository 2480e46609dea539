package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.controllers.shared.cel.DeviceExpressions;
import dev.kcm.controllers.shared.cel.ExpressionException;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Lister;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which devices the rules of administrators taint. A rule whose expression has no answer for a
 * device does not.
 *
 * <p>Thread-safe: listers and expressions are.
 */
final class TaintRules {

  private static final String INDEX = "rulePool";
  private static final String ANY = "*";

  private final Lister<DeviceTaintRule> rules;
  private final Lister<DeviceClass> classes;
  private final DeviceExpressions expressions;

  private TaintRules(
      Lister<DeviceTaintRule> rules, Lister<DeviceClass> classes, DeviceExpressions expressions) {
    this.rules = rules;
    this.classes = classes;
    this.expressions = expressions;
  }

  /** Over the informer of rules; the index it needs is made. */
  static TaintRules of(
      Informer<DeviceTaintRule> rules,
      Informer<DeviceClass> classes,
      DeviceExpressions expressions) {
    rules.ensureIndex(INDEX, rule -> List.of(indexValue(RuleSelector.of(rule))));
    return new TaintRules(rules.lister(), classes.lister(), expressions);
  }

  /** The rules that taint a device. */
  Stream<DeviceTaintRule> tainting(PoolName pool, Device device) {
    return Stream.of(
            pool.indexValue(), pool.driver() + "/" + ANY, ANY + "/" + pool.pool(), ANY + "/" + ANY)
        .flatMap(value -> rules.byIndex(INDEX, value).stream())
        .filter(rule -> taints(RuleSelector.of(rule), pool, device));
  }

  /** The rules that select by a class. */
  Stream<DeviceTaintRule> usingClass(String name) {
    return rules.list().stream().filter(r -> name.equals(RuleSelector.of(r).deviceClass()));
  }

  /** The rules that may select devices of a pool. */
  Stream<DeviceTaintRule> about(PoolName pool) {
    return rules.list().stream().filter(rule -> RuleSelector.of(rule).fits(pool));
  }

  /** What keeps a rule from an answer for a device; empty for a rule that is not meant for it. */
  Optional<RuleProblem> problem(RuleSelector selector, PoolName pool, Device device) {
    return selector.fits(pool, device.getName())
        ? answer(selector, pool, device).problem()
        : Optional.empty();
  }

  private boolean taints(RuleSelector selector, PoolName pool, Device device) {
    return selector.fits(pool, device.getName()) && answer(selector, pool, device).selected();
  }

  private Answer answer(RuleSelector selector, PoolName pool, Device device) {
    String className = selector.deviceClass();
    if (className != null) {
      Optional<DeviceClass> deviceClass = classes.get(new ObjectKey("", className));
      if (deviceClass.isEmpty()) {
        return Answer.NO;
      }
      List<String> texts = RuleSelector.expressions(deviceClass.get());
      Answer answer = all(texts, () -> "class " + className + ": ", pool, device);
      if (!answer.selected()) {
        return answer;
      }
    }
    return all(selector.expressions(), () -> "", pool, device);
  }

  private Answer all(List<String> texts, Supplier<String> place, PoolName pool, Device device) {
    for (int i = 0; i < texts.size(); i++) {
      try {
        if (!expressions.of(texts.get(i)).matches(pool.driver(), device)) {
          return Answer.NO;
        }
      } catch (ExpressionException none) {
        return Answer.none(RuleProblem.of(place.get() + "selector #" + i, none));
      }
    }
    return Answer.YES;
  }

  private static String indexValue(RuleSelector selector) {
    return Objects.requireNonNullElse(selector.driver(), ANY)
        + "/"
        + Objects.requireNonNullElse(selector.pool(), ANY);
  }

  /**
   * Whether a device is selected.
   *
   * @param selected whether it is
   * @param known why that is not known; null when it is
   */
  private record Answer(boolean selected, @Nullable RuleProblem known) {

    static final Answer YES = new Answer(true, null);
    static final Answer NO = new Answer(false, null);

    static Answer none(RuleProblem problem) {
      return new Answer(false, problem);
    }

    Optional<RuleProblem> problem() {
      return Optional.ofNullable(known);
    }
  }
}
