package dev.kcm.daemon.endpoints;

import dev.kcm.daemon.http.Answers;
import dev.kcm.daemon.http.Endpoint;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A probe such as {@code /healthz}: all checks in the order they were added.
 *
 * <p>{@code ?verbose} lists them, {@code ?exclude=name} leaves one out. A reason for a failure goes
 * to the log, not to the client, who may be anybody. Thread-safe: the list of sources is
 * copy-on-write.
 */
public final class HealthChecks implements Endpoint {

  private static final Logger log = LoggerFactory.getLogger(HealthChecks.class);

  private final CopyOnWriteArrayList<Supplier<List<Check>>> sources = new CopyOnWriteArrayList<>();

  private final String probe;
  private final BiConsumer<String, Boolean> noted;

  private record Check(String name, Supplier<Optional<String>> unhealthyBecause) {}

  /**
   * Makes a probe without checks, which is well.
   *
   * @param probe its name in answers and the log, as {@code healthz}
   */
  public HealthChecks(String probe) {
    this(probe, (check, passed) -> {});
  }

  /**
   * Makes a probe without checks, which is well.
   *
   * @param probe its name in answers and the log
   * @param indicators take note of how each check comes out
   */
  public HealthChecks(String probe, HealthIndicators indicators) {
    this(probe, indicators::note);
  }

  private HealthChecks(String probe, BiConsumer<String, Boolean> noted) {
    this.probe = probe;
    this.noted = noted;
  }

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

  /**
   * Adds a check for each name that is there when it is looked at.
   *
   * @param unhealthyBecause by name, empty for what is well; must be quick
   */
  public void addEach(Supplier<Map<String, Optional<String>>> unhealthyBecause) {
    sources.add(
        () ->
            unhealthyBecause.get().entrySet().stream()
                .map(entry -> new Check(entry.getKey(), entry::getValue))
                .toList());
  }

  /** Why the first check that fails does so, empty when all is well. Nothing is logged or noted. */
  public Optional<String> failedBecause() {
    return checks().stream()
        .flatMap(check -> check.unhealthyBecause.get().map(why -> check.name + ": " + why).stream())
        .findFirst();
  }

  /**
   * Answers for the one check that the last part of the path names: {@code ok}, 500, or 404 when
   * there is no such check now.
   */
  public Endpoint each() {
    return exchange -> {
      String path = exchange.getRequestPath();
      String name = path.substring(path.lastIndexOf('/') + 1);
      Optional<Check> found =
          checks().stream().filter(check -> check.name.equals(name)).findFirst();
      if (found.isEmpty()) {
        Answers.notFound(exchange);
      } else if (passes(found.get())) {
        Answers.text(exchange, 200, "ok");
      } else {
        Answers.text(exchange, 500, "internal server error: reason withheld\n");
      }
    };
  }

  @Override
  public void serve(HttpServerExchange exchange) {
    Collection<String> excluded =
        exchange.getQueryParameters().getOrDefault("exclude", new java.util.ArrayDeque<>());
    Set<String> unmatched = new LinkedHashSet<>(excluded);
    List<String> lines = new ArrayList<>();
    boolean healthy = true;
    for (Check check : checks()) {
      if (excluded.contains(check.name)) {
        unmatched.remove(check.name);
        lines.add("[+]" + check.name + " excluded: ok");
        continue;
      }
      boolean passes = passes(check);
      healthy &= passes;
      lines.add(
          passes ? "[+]" + check.name + " ok" : "[-]" + check.name + " failed: reason withheld");
    }
    if (!unmatched.isEmpty()) {
      lines.add(
          "warn: some health checks cannot be excluded: no matches for "
              + unmatched.stream().map(n -> "\"" + n + "\"").collect(Collectors.joining(",")));
    }
    answer(exchange, healthy, lines);
  }

  private List<Check> checks() {
    return sources.stream().flatMap(source -> source.get().stream()).toList();
  }

  private boolean passes(Check check) {
    Optional<String> reason = check.unhealthyBecause.get();
    reason.ifPresent(r -> log.info("{} check {} failed: {}", probe, check.name, r));
    noted.accept(check.name, reason.isEmpty());
    return reason.isEmpty();
  }

  private void answer(HttpServerExchange exchange, boolean healthy, List<String> lines) {
    String list = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    if (!healthy) {
      Answers.text(exchange, 500, list + probe + " check failed\n");
    } else if (exchange.getQueryParameters().containsKey("verbose")) {
      Answers.text(exchange, 200, list + probe + " check passed\n");
    } else {
      Answers.text(exchange, 200, "ok");
    }
  }
}
