package dev.kcm.embedded.access;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.kcm.embedded.resource.ApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The roles and bindings every cluster starts with. {@code admin}, {@code edit} and {@code view}
 * come with the rules that the aggregation controller gives them.
 *
 * <p>Stateless.
 */
final class BootstrapRoles {

  private static final String RESOURCE = "bootstrap-roles.jsonl";
  private static final String API_VERSION = "rbac.authorization.k8s.io/v1";

  private BootstrapRoles() {}

  /** Creates those that are missing. */
  static void createIn(ApiServer server) {
    read().forEach(server::ensure);
  }

  private static List<ObjectNode> read() {
    JsonMapper mapper = JsonMapper.builder().build();
    List<ObjectNode> objects = new ArrayList<>();
    try (InputStream in = BootstrapRoles.class.getResourceAsStream(RESOURCE);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          objects.add(marked((ObjectNode) mapper.readTree(line)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
    return objects;
  }

  /** With the label and the annotation that all of them carry. */
  private static ObjectNode marked(ObjectNode object) {
    object.put("apiVersion", API_VERSION);
    object.withObject("/metadata/labels").put("kubernetes.io/bootstrapping", "rbac-defaults");
    object
        .withObject("/metadata/annotations")
        .put("rbac.authorization.kubernetes.io/autoupdate", "true");
    return object;
  }
}
