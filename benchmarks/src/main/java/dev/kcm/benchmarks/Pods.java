package dev.kcm.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * Pods as a server writes them: a recorded pod in which everything that tells pods apart differs.
 *
 * <p>There are 10 pods to an owner, 50 namespaces and 100 nodes.
 *
 * <p>Immutable.
 */
final class Pods {

  private static final int PER_OWNER = 10;
  private static final int NAMESPACES = 50;
  private static final int NODES = 100;

  private final String template;

  /** Pods with or without {@code metadata.managedFields}, about a third of their bytes. */
  Pods(boolean managedFields) {
    ObjectMapper json = new ObjectMapper();
    try (InputStream in = Pods.class.getResourceAsStream("pod.json")) {
      JsonNode pod = json.readTree(in);
      if (!managedFields) {
        ((ObjectNode) pod.get("metadata")).remove("managedFields");
      }
      template = json.writeValueAsString(pod);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String namespace(int pod) {
    return "shop-" + pod % NAMESPACES;
  }

  static String name(int pod) {
    return "web-" + hex(pod / PER_OWNER, 10) + "-" + hex(pod, 5);
  }

  static String node(int pod) {
    return "node-" + pod / PER_OWNER % NODES;
  }

  static String ownerUid(int pod) {
    return "4a3cf643-a45d-4d96-b804-" + hex(pod / PER_OWNER, 12);
  }

  private static String hex(int number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "x", number);
  }

  /** One pod, without apiVersion and kind, as in a list. */
  byte[] inList(int pod, int version) {
    return json(pod, version).getBytes(StandardCharsets.UTF_8);
  }

  /** One line of a watch. */
  byte[] event(String type, int pod, int version) {
    String object = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\"," + json(pod, version).substring(1);
    return ("{\"type\":\"" + type + "\",\"object\":" + object + "}\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The line that ends a streamed list. */
  static byte[] initialEventsEnd(int version) {
    return ("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
            + "\"metadata\":{\"resourceVersion\":\""
            + version
            + "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private String json(int pod, int version) {
    String address = "10." + (pod >> 16) + "." + (pod >> 8 & 255) + "." + (pod & 255);
    List<String> replaced =
        List.of(
            "web-66fd874bff-9fqrs", name(pod),
            "web-66fd874bff", "web-" + hex(pod / PER_OWNER, 10),
            "\"66fd874bff\"", "\"" + hex(pod / PER_OWNER, 10) + "\"",
            "ade126ab-d58a-49d4-bc59-7b0d5ce463a7", "ade126ab-d58a-49d4-bc59-" + hex(pod, 12),
            "4a3cf643-a45d-4d96-b804-04c322a06ab9", ownerUid(pod),
            "kube-api-access-5gcxs", "kube-api-access-" + hex(pod, 5),
            "\"shop\"", "\"" + namespace(pod) + "\"",
            "\"node-0\"", "\"" + node(pod) + "\"",
            "192.0.2.2", "192.0.2." + pod / PER_OWNER % NODES,
            "192.168.192.168", address,
            "\"resourceVersion\":\"835\"", "\"resourceVersion\":\"" + version + "\"");
    String text = template;
    for (int i = 0; i < replaced.size(); i += 2) {
      text = text.replace(replaced.get(i), replaced.get(i + 1));
    }
    return text;
  }
}
