package dev.kcm.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pods as a server of many teams writes them.
 *
 * <p>There are 10 pods to an owner, 50 namespaces and 500 nodes. Owners are made from templates
 * that differ in labels, images, environment, ports, probes, resources, volumes and number of
 * containers. Names, UIDs, addresses, nodes, times and container IDs are each pod's own.
 *
 * <p>Thread-safe: {@code templates} is a concurrent map of immutable ones.
 */
final class Pods {

  /** How many templates there are, unless something else is asked for. */
  static final int MANY = 200;

  /** Every pod has a template of its own, and nothing in common with others but its shape. */
  static final int ONE_EACH = 0;

  private static final int PER_OWNER = 10;
  private static final int NAMESPACES = 50;
  private static final int NODES = 500;

  private final boolean managedFields;
  private final int templateCount;
  private final Map<Integer, PodTemplate> templates = new ConcurrentHashMap<>();

  /** Pods of many templates, with or without {@code metadata.managedFields}. */
  Pods(boolean managedFields) {
    this(managedFields, MANY);
  }

  /** Pods of so many templates; {@link #ONE_EACH} for one each. */
  Pods(boolean managedFields, int templateCount) {
    this.managedFields = managedFields;
    this.templateCount = templateCount;
  }

  static String namespace(int pod) {
    return "shop-" + pod % NAMESPACES;
  }

  static String name(int pod) {
    return "web-" + hex(pod / PER_OWNER, 10) + "-" + hex(pod, 5);
  }

  static String node(int pod) {
    return "node-" + mixed(pod, 1) % NODES;
  }

  static String ownerUid(int pod) {
    return "4a3cf643-a45d-4d96-b804-" + hex(pod / PER_OWNER, 12);
  }

  private static String hex(int number, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "x", number);
  }

  /** A number that looks drawn, not negative, and the same each time. */
  private static int mixed(int pod, int salt) {
    return new SplittableRandom(31L * pod + salt).nextInt() >>> 1;
  }

  /** One pod, without apiVersion and kind, as in a list. */
  byte[] inList(int pod, int version) {
    return ("{" + body(pod, version)).getBytes(StandardCharsets.US_ASCII);
  }

  /** One line of a watch. */
  byte[] event(String type, int pod, int version) {
    return ("{\"type\":\""
            + type
            + "\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
            + body(pod, version)
            + "}\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** The line that ends a streamed list. */
  static byte[] initialEventsEnd(int version) {
    return ("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":\"v1\","
            + "\"metadata\":{\"resourceVersion\":\""
            + version
            + "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** What follows the opening brace. */
  private String body(int pod, int version) {
    return templateCount == ONE_EACH
        ? new PodTemplate(MANY + pod, managedFields).filled(part -> value(part, pod, version))
        : templates
            .computeIfAbsent(
                pod / PER_OWNER % templateCount, t -> new PodTemplate(t, managedFields))
            .filled(part -> value(part, pod, version));
  }

  private static String value(String part, int pod, int version) {
    return switch (part) {
      case "name" -> name(pod);
      case "namespace" -> namespace(pod);
      case "hash" -> hex(pod / PER_OWNER, 10);
      case "uid" ->
          hex(mixed(pod, 2), 8) + "-d58a-49d4-bc59-" + hex(mixed(pod, 3), 8) + hex(pod & 0xffff, 4);
      case "ownerUid" -> ownerUid(pod);
      case "token" -> hex(mixed(pod, 4) & 0xfffff, 5);
      case "node" -> node(pod);
      case "nodeIp" -> "192.0." + mixed(pod, 1) % NODES / 250 + "." + mixed(pod, 1) % NODES % 250;
      case "podIp" -> "10." + (pod >> 16) + "." + (pod >> 8 & 255) + "." + (pod & 255);
      case "version" -> Integer.toString(version);
      case "created" -> time(pod, 0);
      case "scheduled" -> time(pod, 1);
      case "ready" -> time(pod, 3 + mixed(pod, 5) % 20 + version);
      default -> containerId(pod, Integer.parseInt(part));
    };
  }

  /** Times lie within the last months, to the second. */
  private static String time(int pod, int later) {
    int second = mixed(pod, 6) % 20_000_000 + later;
    return String.format(
        Locale.ROOT,
        "2026-%02d-%02dT%02d:%02d:%02dZ",
        1 + second / 2_419_200,
        1 + second / 86_400 % 28,
        second / 3600 % 24,
        second / 60 % 60,
        second % 60);
  }

  private static String containerId(int pod, int container) {
    StringBuilder id = new StringBuilder("containerd://");
    for (int i = 0; i < 8; i++) {
      id.append(hex(mixed(pod, 100 * (container + 1) + i), 8));
    }
    return id.toString();
  }
}
