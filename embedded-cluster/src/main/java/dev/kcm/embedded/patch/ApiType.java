package dev.kcm.embedded.patch;

import dev.kcm.embedded.resource.Kind;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A type of the API with its fields.
 *
 * @param name full name, for example {@code io.k8s.api.core.v1.PodSpec}
 * @param gvk {@code group/version/Kind} when it is the type of a kind, else empty
 * @param atomic whether server-side apply owns a value as a whole
 * @param plainType scalar, {@code object} or {@code any} for types without fields, else empty
 * @param fields fields by name, in alphabetical order
 */
public record ApiType(
    String name, String gvk, boolean atomic, String plainType, Map<String, ApiField> fields) {

  /** The type of a kind, empty for kinds without known fields such as custom resources. */
  public static Optional<ApiType> of(Kind kind) {
    return ApiTypes.standard().ofKind(kind.group(), kind.version(), kind.kind());
  }

  /** The named field, null when the type has none of that name. */
  public @Nullable ApiField field(String field) {
    return fields.get(field);
  }
}
