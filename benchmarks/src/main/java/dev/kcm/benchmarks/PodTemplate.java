package dev.kcm.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What the pods of one template have in common, with gaps where they differ. Made from a recorded
 * pod.
 *
 * <p>Immutable.
 */
final class PodTemplate {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode RECORDED = recorded();
  private static final Pattern GAP = Pattern.compile("@");

  private static final String[][] GAPS = {
    {"web-66fd874bff-9fqrs", "@name@"},
    {"66fd874bff", "@hash@"},
    {"ade126ab-d58a-49d4-bc59-7b0d5ce463a7", "@uid@"},
    {"4a3cf643-a45d-4d96-b804-04c322a06ab9", "@ownerUid@"},
    {"kube-api-access-5gcxs", "kube-api-access-@token@"},
    {"\"shop\"", "\"@namespace@\""},
    {"\"node-0\"", "\"@node@\""},
    {"192.0.2.2", "@nodeIp@"},
    {"192.168.192.168", "@podIp@"},
    {"\"resourceVersion\":\"835\"", "\"resourceVersion\":\"@version@\""},
    {"\"creationTimestamp\":\"2026-11-20T10:36:05Z\"", "\"creationTimestamp\":\"@created@\""},
    {"2026-11-20T10:36:06Z", "@ready@"},
    {"2026-11-20T10:36:05Z", "@scheduled@"},
  };

  /** Text and names of gaps, in turn. */
  private final String[] parts;

  /** Template of a number; from {@link Pods#MANY} on, even what most templates share differs. */
  PodTemplate(int number, boolean managedFields) {
    ObjectNode pod = RECORDED.deepCopy();
    if (!managedFields) {
      pod.withObject("/metadata").remove("managedFields");
    }
    vary(pod, number);
    String text = pod.toString().substring(1);
    for (String[] gap : GAPS) {
      text = text.replace(gap[0], gap[1]);
    }
    parts = GAP.split(text, -1);
  }

  private static JsonNode recorded() {
    try (InputStream in = PodTemplate.class.getResourceAsStream("pod.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text with all gaps filled. */
  String filled(UnaryOperator<String> values) {
    StringBuilder text = new StringBuilder(10_000);
    for (int i = 0; i < parts.length; i++) {
      text.append(i % 2 == 0 ? parts[i] : values.apply(parts[i]));
    }
    return text.toString();
  }

  private static void vary(ObjectNode pod, int number) {
    String app = "app-" + number;
    ObjectNode labels = pod.withObject("/metadata/labels");
    labels.put("app", app).put("team", "team-" + number % 23).put("version", "v1." + number);
    ObjectNode annotations = pod.withObject("/metadata/annotations");
    annotations.put("checksum/config", Integer.toHexString(number * 0x9E3779B1));
    for (int i = 0; i < number % 4; i++) {
      labels.put("example.org/label-" + i, app + "-" + i);
      annotations.put("example.org/annotation-" + i, "value " + i + " of " + app);
    }
    ObjectNode spec = pod.withObject("/spec");
    ArrayNode containers = spec.withArray("containers");
    ArrayNode statuses = pod.withObject("/status").withArray("containerStatuses");
    for (int i = 1; i <= number % 3; i++) {
      containers.add(containers.get(0).deepCopy());
      statuses.add(statuses.get(0).deepCopy());
    }
    for (int i = 0; i < containers.size(); i++) {
      vary((ObjectNode) containers.get(i), (ObjectNode) statuses.get(i), number, i);
    }
    ArrayNode volumes = spec.withArray("volumes");
    for (int i = 0; i < number % 3; i++) {
      ObjectNode volume = volumes.addObject().put("name", "config-" + i);
      volume.putObject("configMap").put("defaultMode", 420).put("name", app + "-" + i);
    }
    spec.put("serviceAccount", app).put("serviceAccountName", app);
    spec.put("terminationGracePeriodSeconds", 30 + 5 * (number % 7));
    if (number >= Pods.MANY) {
      spec.withArray("tolerations")
          .forEach(one -> ((ObjectNode) one).put("tolerationSeconds", 300 + number));
    }
  }

  private static void vary(ObjectNode container, ObjectNode status, int number, int index) {
    String app = "app-" + number;
    String name = index == 0 ? app : "sidecar-" + index;
    String image = "registry.example.org/team-" + number % 23 + "/" + name + ":1." + number;
    container.put("name", name).put("image", image);
    ArrayNode env = container.withArray("env");
    for (int i = 0; i < (number + index) % 9; i++) {
      env.addObject().put("name", "SETTING_" + i).put("value", app + "-setting-" + i);
    }
    ((ObjectNode) container.withArray("ports").get(0)).put("containerPort", 8000 + number + index);
    ObjectNode probe = container.withObject("/readinessProbe");
    probe.put("periodSeconds", 5 + number % 11).withObject("/httpGet").put("path", "/ready/" + app);
    ObjectNode resources = container.withObject("/resources");
    resources.withObject("/requests").put("memory", 64 + number + "Mi");
    resources.withObject("/limits").put("memory", 128 + 2 * number + "Mi");
    status.set("resources", resources.deepCopy());
    status.put("name", name).put("image", image);
    status.put("containerID", "@" + index + "@");
    status.put("imageID", "sha256:" + Integer.toHexString(image.hashCode()).repeat(8));
    ((ObjectNode) status.get("allocatedResources")).put("memory", 64 + number + "Mi");
  }
}
