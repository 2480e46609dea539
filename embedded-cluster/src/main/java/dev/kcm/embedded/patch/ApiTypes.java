package dev.kcm.embedded.patch;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All types of the built-in kinds, read from {@code types.tsv} beside this class at first use.
 *
 * <p><i>Immutable.</i>
 */
public final class ApiTypes {

  private final Map<String, ApiType> byName;
  private final Map<String, ApiType> byGvk;

  ApiTypes(Map<String, ApiType> byName) {
    this.byName = Collections.unmodifiableMap(new TreeMap<>(byName));
    this.byGvk =
        byName.values().stream()
            .filter(type -> !type.gvk().isEmpty())
            .collect(Collectors.toUnmodifiableMap(ApiType::gvk, type -> type));
  }

  /** The types of Kubernetes 1.34. The same object each time. */
  public static ApiTypes standard() {
    return Standard.TYPES;
  }

  /** The type of a kind, empty when its fields are not known. */
  public Optional<ApiType> ofKind(String group, String version, String kind) {
    return Optional.ofNullable(byGvk.get(group + "/" + version + "/" + kind));
  }

  /**
   * The type of that full name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public ApiType get(String name) {
    ApiType type = byName.get(name);
    if (type == null) {
      throw new IllegalArgumentException("no API type is named " + name);
    }
    return type;
  }

  /** All types, by name. */
  public Collection<ApiType> all() {
    return byName.values();
  }

  private static final class Standard {
    static final ApiTypes TYPES = new ApiTypes(ApiTypeReader.read());
  }
}
