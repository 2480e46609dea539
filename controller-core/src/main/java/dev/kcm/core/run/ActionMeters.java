package dev.kcm.core.run;

import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Report.Applied;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.plan.Report.Skipped;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts actions of one controller by kind, resource and result.
 *
 * <p>Thread-safe: a concurrent map of counters.
 */
final class ActionMeters implements AutoCloseable {

  static final String ACTIONS = "kcm_actions_total";

  private final MeterRegistry registry;
  private final String controller;
  private final Map<Series, Counter> counterBySeries = new ConcurrentHashMap<>();
  private volatile boolean closed;

  ActionMeters(MeterRegistry registry, String controller) {
    this.registry = registry;
    this.controller = controller;
  }

  void count(Result result) {
    if (closed) {
      return;
    }
    Action action = result.action();
    Series series =
        new Series(PlanText.verb(action), action.accept(Resource.INSTANCE), resultText(result));
    counterBySeries.computeIfAbsent(series, this::register).increment();
  }

  @Override
  public void close() {
    closed = true;
    counterBySeries.values().forEach(registry::remove);
    counterBySeries.clear();
  }

  static String resultText(Result result) {
    if (result instanceof Applied applied) {
      return applied.wasGone() ? "gone" : "applied";
    }
    if (result instanceof Rejected rejected) {
      return rejected.error().kind().name().toLowerCase(Locale.ROOT);
    }
    return result instanceof Skipped ? "skipped" : "applied";
  }

  private Counter register(Series series) {
    return Counter.builder(ACTIONS)
        .description("Actions of a controller, by kind, resource and result")
        .tag("controller", controller)
        .tag("action", series.action())
        .tag("resource", series.resource())
        .tag("result", series.result())
        .register(registry);
  }

  private record Series(String action, String resource, String result) {}

  /** The resource an action writes or reads; empty for those that stay inside the process. */
  private enum Resource implements Action.Visitor<String> {
    INSTANCE;

    @Override
    public String create(Action.Create<?> create) {
      return create.type().qualifiedPlural();
    }

    @Override
    public String update(Action.Update<?> update) {
      return update.type().qualifiedPlural();
    }

    @Override
    public String patch(Action.Patch<?> patch) {
      return patch.type().qualifiedPlural();
    }

    @Override
    public String apply(Action.Apply<?> apply) {
      return apply.type().qualifiedPlural();
    }

    @Override
    public String delete(Action.Delete<?> delete) {
      return delete.type().qualifiedPlural();
    }

    @Override
    public String fetch(Action.Fetch<?> fetch) {
      return fetch.type().qualifiedPlural();
    }

    @Override
    public String deleteAll(Action.DeleteAll<?> deleteAll) {
      return deleteAll.type().qualifiedPlural();
    }

    @Override
    public String fetchAll(Action.FetchAll<?> fetchAll) {
      return fetchAll.type().qualifiedPlural();
    }

    @Override
    public String discover(Action.Discover discover) {
      return "";
    }

    @Override
    public String emit(Action.Emit emit) {
      return "";
    }

    @Override
    public String enqueue(Action.Enqueue enqueue) {
      return "";
    }

    @Override
    public String measure(Action.Measure measure) {
      return "";
    }
  }
}
