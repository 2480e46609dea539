package dev.kcm.controllers.node.devicetainteviction;

import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceSelector;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintRule;
import io.fabric8.kubernetes.api.model.resource.v1alpha3.DeviceTaintSelector;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which devices a rule is for. A rule without a selector is for all, one whose class does not exist
 * for none.
 *
 * @param driver null for all
 * @param pool null for all
 * @param device null for all
 * @param deviceClass null for all
 * @param expressions the rule's own
 */
record RuleSelector(
    @Nullable String driver,
    @Nullable String pool,
    @Nullable String device,
    @Nullable String deviceClass,
    List<String> expressions) {

  private static final RuleSelector ALL = new RuleSelector(null, null, null, null, List.of());

  RuleSelector {
    expressions = List.copyOf(expressions);
  }

  static RuleSelector of(DeviceTaintRule rule) {
    DeviceTaintSelector selector =
        rule.getSpec() == null ? null : rule.getSpec().getDeviceSelector();
    if (selector == null) {
      return ALL;
    }
    // Model classes of later releases do not have these two any more.
    Map<String, Object> more = selector.getAdditionalProperties();
    return new RuleSelector(
        selector.getDriver(),
        selector.getPool(),
        selector.getDevice(),
        text(more.get("deviceClassName")),
        items(more.get("selectors"))
            .map(RuleSelector::expression)
            .flatMap(Optional::stream)
            .toList());
  }

  static List<String> expressions(DeviceClass deviceClass) {
    List<DeviceSelector> selectors =
        deviceClass.getSpec() == null ? null : deviceClass.getSpec().getSelectors();
    return Objects.requireNonNullElse(selectors, List.<DeviceSelector>of()).stream()
        .filter(selector -> selector.getCel() != null)
        .map(selector -> selector.getCel().getExpression())
        .toList();
  }

  /** Whether an expression decides, its own or that of a class. */
  boolean asks() {
    return deviceClass != null || !expressions.isEmpty();
  }

  boolean fits(PoolName name) {
    return (driver == null || driver.equals(name.driver()))
        && (pool == null || pool.equals(name.pool()));
  }

  boolean fits(PoolName name, String deviceName) {
    return fits(name) && (device == null || device.equals(deviceName));
  }

  private static Stream<?> items(@Nullable Object list) {
    return list instanceof List<?> items ? items.stream() : Stream.empty();
  }

  private static Optional<String> expression(Object selector) {
    return selector instanceof Map<?, ?> fields && fields.get("cel") instanceof Map<?, ?> cel
        ? Optional.ofNullable(text(cel.get("expression")))
        : Optional.empty();
  }

  private static @Nullable String text(@Nullable Object field) {
    return field == null ? null : field.toString();
  }
}
