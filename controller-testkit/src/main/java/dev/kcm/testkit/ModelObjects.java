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

  /** A copy of an object with the status of another; a changed rest raises the generation. */
  static HasMetadata withStatusOf(HasMetadata object, HasMetadata other) {
    ObjectNode tree = tree(object);
    ObjectNode otherTree = tree(other);
    boolean specChanged = !Objects.equals(tree.get("spec"), otherTree.get("spec"));
    tree.remove("status");
    if (otherTree.has("status")) {
      tree.set("status", otherTree.get("status"));
    }
    HasMetadata next = fromTree(tree, object.getClass());
    Long generation = next.getMetadata().getGeneration();
    if (specChanged && generation != null) {
      next.getMetadata().setGeneration(generation + 1);
    }
    return next;
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
