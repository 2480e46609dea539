package dev.kcm.embedded.http;

import io.undertow.util.StatusCodes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Answers {@code /healthz}, {@code /livez} and {@code /readyz}, whole or one check at a time.
 * Immutable.
 */
final class HealthHandler {

  static final Set<String> ROOTS = Set.of("healthz", "livez", "readyz");

  private final Map<String, BooleanSupplier> checks = new LinkedHashMap<>();

  /**
   * @param ready whether the cluster behind the server has come up
   */
  HealthHandler(BooleanSupplier ready) {
    checks.put("ping", () -> true);
    checks.put("nodes", ready);
  }

  /** Answers a path whose first segment is one of the roots. */
  void handle(Request request, List<String> segments) {
    String root = segments.get(0);
    if (segments.size() == 1) {
      all(request, root);
      return;
    }
    BooleanSupplier check = segments.size() == 2 ? checksOf(root).get(segments.get(1)) : null;
    if (check == null) {
      Responder.sendText(request.exchange(), StatusCodes.NOT_FOUND, "404 page not found\n");
      return;
    }
    boolean healthy = check.getAsBoolean();
    send(request, healthy, healthy ? "ok" : root + " check \"" + segments.get(1) + "\" failed\n");
  }

  /** Only readiness waits for what takes time to come up. */
  private Map<String, BooleanSupplier> checksOf(String root) {
    Map<String, BooleanSupplier> chosen = new LinkedHashMap<>(checks);
    if (!root.equals("readyz")) {
      chosen.remove("nodes");
    }
    return chosen;
  }

  private void all(Request request, String root) {
    List<String> excluded = request.query().getOrDefault("exclude", List.of());
    List<String> lines = new ArrayList<>();
    boolean healthy = true;
    for (Map.Entry<String, BooleanSupplier> check : checksOf(root).entrySet()) {
      if (excluded.contains(check.getKey())) {
        lines.add("[+]" + check.getKey() + " excluded: ok");
        continue;
      }
      boolean good = check.getValue().getAsBoolean();
      healthy &= good;
      lines.add((good ? "[+]" : "[-]") + check.getKey() + (good ? " ok" : " failed"));
    }
    lines.add(root + " check " + (healthy ? "passed" : "failed"));
    boolean verbose = !healthy || request.query().containsKey("verbose");
    send(request, healthy, verbose ? String.join("\n", lines) + "\n" : "ok");
  }

  private static void send(Request request, boolean healthy, String text) {
    Responder.sendText(
        request.exchange(), healthy ? StatusCodes.OK : StatusCodes.INTERNAL_SERVER_ERROR, text);
  }
}
