package dev.kcm.controllers.node.devicetainteviction;

import dev.kcm.core.informer.Lister;
import dev.kcm.core.loop.Reader;
import dev.kcm.core.object.ObjectKey;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import java.util.Optional;

/**
 * Tries a rule on the devices it may select, until one is found that it has no answer for.
 *
 * <p>Thread-safe: what it reads from is.
 */
final class RuleCheckReader implements Reader<RuleCheckSnapshot> {

  private final Lister<DeviceTaintRule> rules;
  private final Pools pools;
  private final TaintRules taints;

  RuleCheckReader(Lister<DeviceTaintRule> rules, Pools pools, TaintRules taints) {
    this.rules = rules;
    this.pools = pools;
    this.taints = taints;
  }

  @Override
  public Optional<RuleCheckSnapshot> read(ObjectKey key, boolean settled) {
    return rules.get(key).map(rule -> new RuleCheckSnapshot(rule, problem(RuleSelector.of(rule))));
  }

  private RuleProblem problem(RuleSelector selector) {
    if (!selector.asks()) {
      return RuleProblem.NONE;
    }
    return pools.names().stream()
        .filter(selector::fits)
        .flatMap(
            pool ->
                pools.devices(pool).stream()
                    .map(device -> taints.problem(selector, pool, device))
                    .flatMap(Optional::stream))
        .findFirst()
        .orElse(RuleProblem.NONE);
  }
}
