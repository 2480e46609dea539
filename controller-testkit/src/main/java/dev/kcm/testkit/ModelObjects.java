package dev.kcm.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Objects;

/**
 * Copies and parts of model objects.
 *
 * <p>Immutable: the mapper is configured once.
 */
final class ModelObjects {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelObjects() {}

  /** A deep copy. */
  @SuppressWarnings("unchecked") // A copy has the class of the original.
  static <T extends HasMetadata> T copy(T object) {
    return (T) fromTree(tree(object), object.getClass());
  }

  /** A copy of an object with the status of another. */
  static HasMetadata withStatusOf(HasMetadata object, HasMetadata other) {
    ObjectNode tree = tree(object);
    JsonNode status = tree(other).get("status");
    tree.remove("status");
    if (status != null) {
      tree.set("status", status);
    }
    return fromTree(tree, object.getClass());
  }

  /** What a replacement is stored as: the old status, and the next generation for a new spec. */
  static HasMetadata replacing(HasMetadata stored, HasMetadata next) {
    HasMetadata replacement = withStatusOf(next, stored);
    Long generation = stored.getMetadata().getGeneration();
    boolean specChanged = !Objects.equals(tree(stored).get("spec"), tree(next).get("spec"));
    replacement
        .getMetadata()
        .setGeneration(
            specChanged && generation != null ? Long.valueOf(generation + 1) : generation);
    return replacement;
  }

  static ObjectNode tree(HasMetadata object) {
    return JSON.valueToTree(object);
  }

  static <T> T fromTree(ObjectNode tree, Class<T> type) {
    return JSON.convertValue(tree, type);
  }

  static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + json, e);
    }
  }
}
