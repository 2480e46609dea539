package dev.kcm.core.access;

import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes few rules of many accesses: verbs of one resource come together, then resources with the
 * same verbs.
 *
 * <p>Stateless.
 */
final class Rules {

  private Rules() {}

  /** The rules, sorted by group and resource. */
  static List<PolicyRule> of(Collection<Access> accesses) {
    Map<Target, Set<String>> verbs = new TreeMap<>();
    for (Access access : accesses) {
      Target target = Target.of(access);
      access
          .grants()
          .forEach(
              grant ->
                  verbs.computeIfAbsent(target, none -> new TreeSet<>()).addAll(grant.verbs()));
    }
    verbs.forEach((target, allowed) -> allowed.removeAll(withoutNames(verbs, target)));
    verbs.values().removeIf(Set::isEmpty);
    return joined(verbs);
  }

  /** What is allowed with all target needs not be said of some. */
  private static Set<String> withoutNames(Map<Target, Set<String>> verbs, Target target) {
    return target.names().isEmpty()
        ? Set.of()
        : verbs.getOrDefault(new Target(target.group(), target.resource(), List.of()), Set.of());
  }

  private static List<PolicyRule> joined(Map<Target, Set<String>> verbs) {
    List<PolicyRule> rules = new ArrayList<>();
    Map<List<Object>, PolicyRule> alike = new HashMap<>();
    verbs.forEach(
        (target, allowed) -> {
          List<Object> key = List.of(target.group(), target.names(), List.copyOf(allowed));
          PolicyRule before = alike.get(key);
          if (before != null) {
            before.getResources().add(target.resource());
            return;
          }
          PolicyRule rule =
              new PolicyRuleBuilder()
                  .withApiGroups(target.group())
                  .withResources(target.resource())
                  .withResourceNames(target.names())
                  .withVerbs(List.copyOf(allowed))
                  .build();
          alike.put(key, rule);
          rules.add(rule);
        });
    return List.copyOf(rules);
  }

  /**
   * Which target a rule is about.
   *
   * @param group API group
   * @param resource plural name, maybe with a subresource
   * @param names sorted; empty for all
   */
  private record Target(String group, String resource, List<String> names)
      implements Comparable<Target> {

    static Target of(Access access) {
      return new Target(
          access.group(), access.resource(), access.names().stream().sorted().toList());
    }

    @Override
    public int compareTo(Target other) {
      int byGroup = group.compareTo(other.group);
      int byResource = byGroup != 0 ? byGroup : resource.compareTo(other.resource);
      return byResource != 0 ? byResource : names.toString().compareTo(other.names.toString());
    }
  }
}
