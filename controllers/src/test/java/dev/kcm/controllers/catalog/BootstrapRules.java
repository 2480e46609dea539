package dev.kcm.controllers.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/**
 * The rules that every cluster starts with, as the embedded API server has them.
 *
 * <p>Immutable.
 */
final class BootstrapRules {

  private static final String RESOURCE = "/dev/kcm/embedded/access/bootstrap-roles.jsonl";

  private final List<JsonNode> roles;

  private BootstrapRules(List<JsonNode> roles) {
    this.roles = roles;
  }

  static BootstrapRules read() {
    ObjectMapper json = new ObjectMapper();
    try (InputStream in = BootstrapRules.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      List<JsonNode> roles = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          roles.add(json.readTree(line));
        }
      }
      return new BootstrapRules(roles);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether the ClusterRole, or the Role of the namespace, of this name allows it.
   *
   * @param namespace empty for the whole cluster
   * @param objectName empty for all objects
   */
  boolean allow(
      String role,
      String group,
      String resource,
      String verb,
      String namespace,
      String objectName) {
    return roles.stream()
        .filter(object -> object.at("/metadata/name").asText().equals(role))
        .filter(object -> reaches(object, namespace))
        .flatMap(object -> StreamSupport.stream(object.path("rules").spliterator(), false))
        .anyMatch(
            rule ->
                has(rule.path("apiGroups"), group)
                    && has(rule.path("resources"), resource)
                    && has(rule.path("verbs"), verb)
                    && (!rule.has("resourceNames") || has(rule.path("resourceNames"), objectName)));
  }

  private static boolean reaches(JsonNode object, String namespace) {
    return object.path("kind").asText().equals("ClusterRole")
        || (object.path("kind").asText().equals("Role")
            && object.at("/metadata/namespace").asText().equals(namespace));
  }

  private static boolean has(JsonNode list, String value) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(JsonNode::asText)
        .anyMatch(text -> text.equals("*") || text.equals(value));
  }
}
