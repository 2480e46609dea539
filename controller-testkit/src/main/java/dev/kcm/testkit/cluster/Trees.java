package dev.kcm.testkit.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.core.api.ApiException;
import dev.kcm.core.object.ApiError;
import dev.kcm.core.object.ResourceType;
import dev.kcm.embedded.resource.StatusException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

/** Copies objects between the trees of the server and the classes of the client. */
final class Trees {

  /** With fabric8's settings, which its constructor puts on the mapper given. */
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @SuppressWarnings("unused") // kept for what its construction does to MAPPER
  private static final KubernetesSerialization SETTINGS =
      new KubernetesSerialization(MAPPER, false);

  private Trees() {}

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  /** The tree of an object, with the apiVersion and kind that list items do without. */
  static ObjectNode of(ResourceType<?> type, HasMetadata object) {
    ObjectNode tree = MAPPER.valueToTree(object);
    return tree.put("apiVersion", type.apiVersion()).put("kind", type.kind());
  }

  static <T extends HasMetadata> T object(ResourceType<T> type, JsonNode tree) {
    try {
      return MAPPER.treeToValue(tree, type.type());
    } catch (JsonProcessingException e) {
      throw new ApiException(
          ApiError.of(ApiError.Kind.UNDECODABLE, 0, "not a " + type.kind() + ": " + e), e);
    }
  }

  /** How many bytes an object takes on the wire. */
  static int size(ResourceType<?> type, HasMetadata object) {
    try {
      return MAPPER.writeValueAsBytes(of(type, object)).length;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + object, e);
    }
  }

  static JsonNode parse(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the patch is not JSON: " + json, e);
    }
  }

  static ApiError error(StatusException refused) {
    return error(refused.status());
  }

  static ApiError error(JsonNode status) {
    try {
      return ApiException.errorIn(MAPPER.treeToValue(status, Status.class));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the server answered no Status: " + status, e);
    }
  }
}
