package dev.kcm.core.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.PatchFormat;
import dev.kcm.core.object.ResourceType;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Makes merge patches (RFC 7386) from what an object was and what it should be.
 *
 * <p>Immutable: the mapper is configured once.
 */
final class MergeDiff {

  private static final String METADATA = "metadata";

  /** Of the metadata, what others than the server write. */
  private static final List<String> WRITABLE =
      List.of("labels", "annotations", "ownerReferences", "finalizers");

  /** What is fixed, or compared on its own. */
  private static final Set<String> OTHERS = Set.of("apiVersion", "kind", METADATA, "status");

  // As fabric8 sets its own up, so that a patch says what a whole object would have said.
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setDefaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS));

  private MergeDiff() {}

  /** Everything but the status. */
  static <T extends HasMetadata> Optional<Action.Patch<T>> ofObject(
      ResourceType<T> type, T seen, T wanted, String why) {
    ObjectNode before = tree(seen);
    ObjectNode after = tree(wanted);
    ObjectNode metadata = between(metadataOf(before), metadataOf(after));
    ObjectNode body = between(before.remove(OTHERS), after.remove(OTHERS));
    if (!metadata.isEmpty()) {
      body.set(METADATA, metadata);
    }
    return patch(type, seen, "", body, why);
  }

  /** The status alone. */
  static <T extends HasMetadata> Optional<Action.Patch<T>> ofStatus(
      ResourceType<T> type, T seen, T wanted, String why) {
    ObjectNode body = between(tree(seen).retain("status"), tree(wanted).retain("status"));
    return patch(type, seen, "status", body, why);
  }

  /** The finalizers of an object, as a whole, refused when the object has changed since. */
  static <T extends HasMetadata> Action.Patch<T> finalizers(
      ResourceType<T> type, T seen, List<String> finalizers, String why) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode list = body.putObject(METADATA).putArray("finalizers");
    finalizers.forEach(list::add);
    identify(body, seen);
    return whole(type, seen, "", body, why).atVersion(seen.getMetadata().getResourceVersion());
  }

  /** The body of a patch with a condition on the object's version. */
  static String atVersion(PatchFormat format, String body, String resourceVersion) {
    JsonNode tree = parse(body);
    if (format == PatchFormat.JSON) {
      ArrayNode operations = JsonNodeFactory.instance.arrayNode();
      operations
          .addObject()
          .put("op", "test")
          .put("path", "/metadata/resourceVersion")
          .put("value", resourceVersion);
      tree.forEach(operations::add);
      return operations.toString();
    }
    ((ObjectNode) tree).withObjectProperty(METADATA).put("resourceVersion", resourceVersion);
    return tree.toString();
  }

  /** What turns the first tree into the second; empty when they are equal. */
  static ObjectNode between(ObjectNode from, ObjectNode to) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : to.properties()) {
      JsonNode before = from.get(field.getKey());
      JsonNode after = field.getValue();
      if (before instanceof ObjectNode old && after instanceof ObjectNode next) {
        ObjectNode inner = between(old, next);
        if (!inner.isEmpty()) {
          patch.set(field.getKey(), inner);
        }
      } else if (!Objects.equals(before, after)) {
        patch.set(field.getKey(), after);
      }
    }
    from.fieldNames()
        .forEachRemaining(
            name -> {
              if (!to.has(name)) {
                patch.putNull(name);
              }
            });
    return patch;
  }

  private static <T extends HasMetadata> Optional<Action.Patch<T>> patch(
      ResourceType<T> type, T seen, String subresource, ObjectNode body, String why) {
    if (body.isEmpty()) {
      return Optional.empty();
    }
    identify(body, seen);
    return Optional.of(whole(type, seen, subresource, body, why));
  }

  private static <T extends HasMetadata> Action.Patch<T> whole(
      ResourceType<T> type, T seen, String subresource, ObjectNode body, String why) {
    return new Action.Patch<>(
        type, ObjectKey.of(seen), subresource, PatchFormat.MERGE, body.toString(), why);
  }

  /** With the UID the server refuses when the name belongs to another incarnation by now. */
  private static void identify(ObjectNode body, HasMetadata seen) {
    String uid = seen.getMetadata().getUid();
    if (uid != null && !uid.isEmpty()) {
      body.withObjectProperty(METADATA).put("uid", uid);
    }
  }

  private static ObjectNode metadataOf(ObjectNode tree) {
    return tree.path(METADATA) instanceof ObjectNode metadata
        ? metadata.deepCopy().retain(WRITABLE)
        : JsonNodeFactory.instance.objectNode();
  }

  private static ObjectNode tree(HasMetadata object) {
    return JSON.valueToTree(object);
  }

  private static JsonNode parse(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a patch is not JSON: " + e.getOriginalMessage(), e);
    }
  }
}
