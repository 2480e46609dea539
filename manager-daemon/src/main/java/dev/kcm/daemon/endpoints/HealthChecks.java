package dev.kcm.daemon.endpoints;

import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /healthz}: all checks in the order they were added.
 *
 * <p>{@code ?verbose} lists them, {@code ?exclude=name} leaves one out. A reason for a failure goes
 * to the log, not to the client, who may be anybody. Thread-safe: the list of sources is
 * copy-on-write.
 */
public final class HealthChecks implements Endpoint {

  private static final Logger log = LoggerFactory.getLogger(HealthChecks.class);

  private final CopyOnWriteArrayList<Supplier<List<Check>>> sources = new CopyOnWriteArrayList<>();

  private record Check(String name, Supplier<Optional<String>> unhealthyBecause) {}

  /**
   * Adds a check.
   *
   * @param unhealthyBecause why it fails now, empty when all is well; must be quick
   */
  public void add(String name, Supplier<Optional<String>> unhealthyBecause) {
    List<Check> check = List.of(new Check(name, unhealthyBecause));
    sources.add(() -> check);
  }

  /**
   * Adds a check for each name that is there when it is looked at, and well by being there: as
   * upstream, a controller's check says that it was started. Why one is behind stands in metrics
   * and the log, since a failing probe restarts the process, which would help nobody.
   *
   * @param names gives the names; must be quick
   */
  public void addStarted(Supplier<List<String>> names) {
    sources.add(() -> names.get().stream().map(n -> new Check(n, Optional::empty)).toList());
  }

  @Override
  public void serve(HttpServerExchange exchange) {
    Collection<String> excluded =
        exchange.getQueryParameters().getOrDefault("exclude", new java.util.ArrayDeque<>());
    Set<String> unmatched = new LinkedHashSet<>(excluded);
    List<String> lines = new ArrayList<>();
    boolean healthy = true;
    List<Check> checks = sources.stream().flatMap(source -> source.get().stream()).toList();
    for (Check check : checks) {
      if (excluded.contains(check.name)) {
        unmatched.remove(check.name);
        lines.add("[+]" + check.name + " excluded: ok");
        continue;
      }
      Optional<String> reason = check.unhealthyBecause.get();
      reason.ifPresent(r -> log.info("healthz check {} failed: {}", check.name, r));
      healthy &= reason.isEmpty();
      lines.add(
          reason.isEmpty()
              ? "[+]" + check.name + " ok"
              : "[-]" + check.name + " failed: reason withheld");
    }
    if (!unmatched.isEmpty()) {
      lines.add(
          "warn: some health checks cannot be excluded: no matches for "
              + unmatched.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(",")));
    }
    answer(exchange, healthy, lines);
  }

  private static void answer(HttpServerExchange exchange, boolean healthy, List<String> lines) {
    String list = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    if (!healthy) {
      Answers.text(exchange, 500, list + "healthz check failed\n");
    } else if (exchange.getQueryParameters().containsKey("verbose")) {
      Answers.text(exchange, 200, list + "healthz check passed\n");
    } else {
      Answers.text(exchange, 200, "ok");
    }
  }
}
