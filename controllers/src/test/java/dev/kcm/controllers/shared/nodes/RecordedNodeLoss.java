package dev.kcm.controllers.shared.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Nodes and pods as the original left them 75 s after a node fell silent. */
public final class RecordedNodeLoss {

  private static final String FILE = "/dev/kcm/controllers/node/after-node-loss.jsonl";

  private RecordedNodeLoss() {}

  public static List<HasMetadata> objects() {
    ObjectMapper mapper = new ObjectMapper();
    List<HasMetadata> objects = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(RecordedNodeLoss.class.getResourceAsStream(FILE)),
                StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode tree = mapper.readTree(line);
        Class<? extends HasMetadata> kind =
            tree.path("kind").asText().equals("Node") ? Node.class : Pod.class;
        objects.add(mapper.treeToValue(tree, kind));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return objects;
  }
}
