package dev.kcm.core.run;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.plan.Action;
import dev.kcm.core.plan.Plan;
import dev.kcm.core.plan.PlanText;
import dev.kcm.core.plan.Report.Rejected;
import dev.kcm.core.plan.Report.Result;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import dev.kcm.core.time.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out plans of one controller: the only place that writes.
 *
 * <p>A run holds no thread while the server works. Expectations are raised before a stage and
 * lowered at once for what fails or is skipped. The fence of the run is asked before each write;
 * once it is closed, or the client answers {@code FENCED} or {@code CLOSED}, the rest is skipped,
 * no function of the plan is called any more, and the outcome says {@code STOPPED}. A run that is
 * cancelled does not wait for answers either. A creation that is refused because its namespace is
 * being deleted ends the batches but is no failure.
 *
 * <p>Thread-safe: each run has a mailbox of its own.
 */
public final class PlanExecutor implements AutoCloseable {

  /** Default of {@link Builder#maxInFlight}. */
  public static final int DEFAULT_MAX_IN_FLIGHT = 64;

  private static final double NANOS_PER_SECOND = 1e9;

  private static final Logger log = LoggerFactory.getLogger(PlanExecutor.class);

  private final String controller;
  private final ApiClient client;
  private final Executor workers;
  private final Ticker ticker;
  private final Consumer<Action.Emit> events;
  private final Consumer<Action.Measure> measures;
  private final int maxInFlight;
  private final ActionMeters meters;
  private final Set<String> unmeasuredNames = ConcurrentHashMap.newKeySet();

  private PlanExecutor(Builder builder, ApiClient client, Environment environment) {
    this.controller = builder.controller;
    this.client = client;
    this.workers = environment.executor(builder.controller + "-executor");
    this.ticker = environment.ticker();
    this.events = builder.events == null ? this::unheard : builder.events;
    this.measures = builder.measures == null ? this::unmeasured : builder.measures;
    this.maxInFlight = builder.maxInFlight;
    this.meters = new ActionMeters(builder.meters, builder.controller);
  }

  /** Starts a builder. The name stands in logs, thread names and meters. */
  public static Builder named(String controller) {
    if (controller.isBlank()) {
      throw new IllegalArgumentException(
          "the name of an executor is \"" + controller + "\", allowed: any text that is not blank");
    }
    return new Builder(controller);
  }

  /**
   * Carries out a plan and those that follow from it. Never throws.
   *
   * @return completes, never exceptionally, on a thread of this executor once every request was
   *     answered
   */
  public CompletableFuture<Outcome> run(Run run, Plan plan) {
    if (plan.then() == null && plan.stages().stream().allMatch(s -> s.actions().isEmpty())) {
      return CompletableFuture.completedFuture(Outcome.decided(plan.verdict()));
    }
    long began = ticker.nanos();
    PlanRun.Services services =
        new PlanRun.Services(
            new Requests(
                client, workers, events, measures, run.requeue(), () -> secondsSince(began)),
            new ExpectedOfStage(run.expectations(), run.key()),
            run.cancellation(),
            maxInFlight,
            result -> tell(run, result));
    return new PlanRun(services, new SerialExecutor(workers)).start(plan);
  }

  /** Removes the meters. Runs under way go on. */
  @Override
  public void close() {
    meters.close();
  }

  private double secondsSince(long began) {
    return (ticker.nanos() - began) / NANOS_PER_SECOND;
  }

  private void tell(Run run, Result result) {
    run.results().accept(result);
    meters.count(result);
    if (log.isDebugEnabled()) {
      log.debug(
          "{} {} [{}]: {}: {}{}",
          controller,
          run.key(),
          run.id(),
          PlanText.of(result.action()),
          ActionMeters.resultText(result),
          result instanceof Rejected rejected ? ": " + rejected.error().message() : "");
    }
  }

  private void unheard(Action.Emit emit) {
    log.debug("{}: no recorder for event {}: {}", controller, emit.reason(), emit.message());
  }

  private void unmeasured(Action.Measure measure) {
    if (unmeasuredNames.add(measure.meter())) {
      log.warn("{}: nobody takes measurements of {}", controller, measure.meter());
    }
  }

  /** Makes an executor. Single use, confined to one thread. */
  public static final class Builder {

    private final String controller;
    private @Nullable Consumer<Action.Emit> events;
    private @Nullable Consumer<Action.Measure> measures;
    private MeterRegistry meters = new SimpleMeterRegistry();
    private int maxInFlight = DEFAULT_MAX_IN_FLIGHT;

    private Builder(String controller) {
      this.controller = controller;
    }

    /** Takes Events; must not block. Without it they are only logged. */
    public Builder events(Consumer<Action.Emit> recorder) {
      events = recorder;
      return this;
    }

    /** Takes measurements; must not block. Without it each name is warned of once. */
    public Builder measures(Consumer<Action.Measure> taker) {
      measures = taker;
      return this;
    }

    /** Where actions are counted. Default: nowhere to be seen. */
    public Builder meters(MeterRegistry registry) {
      meters = registry;
      return this;
    }

    /** Most requests of one stage under way at a time, 1 or more; 64 by default. */
    public Builder maxInFlight(int requests) {
      if (requests < 1) {
        throw new IllegalArgumentException(
            "executor " + controller + ": maxInFlight is " + requests + ", allowed: 1 or more");
      }
      maxInFlight = requests;
      return this;
    }

    /** The executor, writing through the client. It does not close the client. */
    public PlanExecutor create(ApiClient client, Environment environment) {
      return new PlanExecutor(this, client, environment);
    }
  }
}
