package dev.kcm.embedded.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;

/** Objects for tests, written as YAML. */
final class Objects {

  private static final YAMLMapper YAML = new YAMLMapper();

  private Objects() {}

  static ObjectNode yaml(String text) {
    try {
      return (ObjectNode) YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A ready node with 2 processors, 1 GiB and room for 3 pods. */
  static ObjectNode node(String name) {
    return yaml(
        """
        metadata: {name: %s, labels: {kubernetes.io/hostname: %s, size: "5"}}
        spec: {}
        status:
          allocatable: {cpu: "2", memory: 1Gi, pods: "3"}
          conditions: [{type: Ready, status: "True"}]
        """
            .formatted(name, name));
  }

  static LeastLoaded.Candidate candidate(JsonNode node, Demand taken) {
    return new LeastLoaded.Candidate(node, Demand.allocatable(node), taken, Set.of());
  }
}
