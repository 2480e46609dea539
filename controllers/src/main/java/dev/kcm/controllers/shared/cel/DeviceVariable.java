package dev.kcm.controllers.shared.cel;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.fabric8.kubernetes.api.model.resource.v1.Device;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceAttribute;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceCapacity;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The variable {@code device}: its type, and its value for a device.
 *
 * <p>Immutable.
 */
final class DeviceVariable {

  static final String NAME = "device";

  private static final String DRIVER = "driver";
  private static final String MANY = "allowMultipleAllocations";
  private static final String ATTRIBUTES = "attributes";
  private static final String CAPACITY = "capacity";

  private DeviceVariable() {}

  static StructType type(boolean consumableCapacity) {
    ImmutableMap.Builder<String, CelType> fields = ImmutableMap.builder();
    fields.put(DRIVER, SimpleType.STRING);
    fields.put(ATTRIBUTES, byDomain(SimpleType.DYN));
    fields.put(CAPACITY, byDomain(KubernetesFunctions.QUANTITY));
    if (consumableCapacity) {
      fields.put(MANY, SimpleType.BOOL);
    }
    ImmutableMap<String, CelType> types = fields.buildOrThrow();
    return StructType.create(
        "kubernetes.DRADevice", types.keySet(), field -> Optional.ofNullable(types.get(field)));
  }

  private static CelType byDomain(CelType value) {
    return MapType.create(SimpleType.STRING, MapType.create(SimpleType.STRING, value));
  }

  /**
   * The value.
   *
   * @throws ExpressionException when the device has an attribute of an unknown type
   */
  static Map<String, Object> of(String driver, Device device) {
    return Map.of(
        DRIVER,
        driver,
        MANY,
        Boolean.TRUE.equals(device.getAllowMultipleAllocations()),
        ATTRIBUTES,
        domains(driver, device.getAttributes(), DeviceVariable::value),
        CAPACITY,
        domains(driver, device.getCapacity(), DeviceVariable::value));
  }

  private static <T> Map<String, Object> domains(
      String driver, @Nullable Map<String, T> named, Function<T, Optional<Object>> value) {
    Map<String, Map<String, Object>> domains = new HashMap<>();
    if (named != null) {
      named.forEach(
          (name, field) -> {
            int slash = name.indexOf('/');
            Object known =
                value
                    .apply(field)
                    .orElseThrow(
                        () ->
                            ExpressionException.running(
                                "attribute " + name + ": unsupported attribute value"));
            domains
                .computeIfAbsent(
                    slash < 0 ? driver : name.substring(0, slash), d -> new HashMap<>())
                .put(name.substring(slash + 1), known);
          });
    }
    return new Domains(Map.copyOf(domains));
  }

  private static Optional<Object> value(DeviceAttribute attribute) {
    if (attribute.getVersion() != null) {
      return Optional.of(
          Version.parse(attribute.getVersion())
              .orElseThrow(
                  () ->
                      ExpressionException.running(
                          "\"" + attribute.getVersion() + "\" is no semantic version")));
    }
    Object plain = attribute.getInt();
    plain = plain == null ? attribute.getBool() : plain;
    return Optional.ofNullable(plain == null ? attribute.getString() : plain);
  }

  private static Optional<Object> value(DeviceCapacity capacity) {
    return Optional.ofNullable(capacity.getValue())
        .flatMap(quantity -> Amount.parse(quantity.toString()));
  }

  /**
   * Names by domain. A domain that is not there is looked up as an empty one, so that it takes one
   * question to learn that there is no such attribute; whether it is there can be asked, too.
   *
   * <p>Immutable.
   */
  static final class Domains extends AbstractMap<String, Object> {

    private final Map<String, Map<String, Object>> present;

    Domains(Map<String, Map<String, Object>> present) {
      this.present = present;
    }

    @Override
    public Object get(Object domain) {
      Map<String, Object> names = present.get(domain);
      return names == null ? Map.of() : names;
    }

    @Override
    public boolean containsKey(Object domain) {
      return present.containsKey(domain);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      return Map.<String, Object>copyOf(present).entrySet();
    }
  }
}
