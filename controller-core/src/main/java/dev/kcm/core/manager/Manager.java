package dev.kcm.core.manager;

import dev.kcm.core.api.ApiClient;
import dev.kcm.core.api.Fence;
import dev.kcm.core.informer.Informer;
import dev.kcm.core.informer.Informers;
import dev.kcm.core.informer.Selection;
import dev.kcm.core.loop.Explanation;
import dev.kcm.core.loop.LoopHost;
import dev.kcm.core.loop.RunningLoop;
import dev.kcm.core.object.ObjectKey;
import dev.kcm.core.object.ResourceType;
import dev.kcm.core.plan.Action;
import dev.kcm.core.run.EventRecorder;
import dev.kcm.core.run.EventSink;
import dev.kcm.core.time.Environment;
import dev.kcm.core.time.SerialExecutor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a set of controllers: wires those that are selected, starts the informers they asked for,
 * starts their loops, and stops everything in order.
 *
 * <p>A controller that cannot be wired or started, or whose informers do not sync, does not hold up
 * the others; {@link #health()} says what is wrong with it. Leadership is not the manager's affair:
 * {@link #standBy()} is what a candidate does, {@link #start()} what a leader does, {@link
 * #cancel()} what one does that has lost.
 *
 * <p>Thread-safe: life-cycle calls return at once and are carried out one after another in a
 * mailbox. A cancelled term closes its fence before {@link #cancel()} returns.
 */
public final class Manager {

  /** Usual grace period of {@link #stop(Duration)}. */
  public static final Duration GRACE = Duration.ofSeconds(30);

  /**
   * How long an informer may hear nothing from the server before {@link #health()} names it: 3
   * minutes. A healthy server sends a bookmark about once a minute.
   */
  public static final Duration STALE_AFTER = Duration.ofMinutes(3);

  /** How long the informers may take to end. */
  static final Duration INFORMERS_STOP = Duration.ofSeconds(5);

  /** Added to the time a step is given itself, so that the step's own account comes first. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final String UNCAUGHT = "kcm_uncaught_errors_total";

  private static final Logger log = LoggerFactory.getLogger(Manager.class);

  private final Setup setup;
  private final Executor mailbox;
  private final Map<String, Managed> managedByName = new LinkedHashMap<>();
  private final Context context = new Context();
  private volatile Term term = new Term();

  private final Map<String, ApiClient> clientByName = new HashMap<>();
  private final Map<List<String>, EventSink> sinkBySource = new HashMap<>();

  /** Written in the mailbox, read by health checks. */
  private volatile boolean standing;

  /** Written in the mailbox, read by health checks. */
  private volatile boolean stopped;

  private @Nullable CompletableFuture<StopReport> stopping;

  private @Nullable FunctionCounter uncaught;
  private final List<Runnable> atStop = new CopyOnWriteArrayList<>();

  private Manager(Setup setup) {
    this.setup = setup;
    this.mailbox = new SerialExecutor(setup.environment().executor(setup.name() + "-manager"));
    for (ControllerSpec spec : setup.controllers()) {
      if (managedByName.put(spec.name(), new Managed(spec)) != null) {
        throw new IllegalArgumentException("controller " + spec.name() + " is given twice");
      }
    }
  }

  /**
   * Starts a builder.
   *
   * @param name of the manager, as in the label {@code manager} of its meters
   */
  public static Builder named(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "the name of a manager is \"" + name + "\", allowed: any text that is not blank");
    }
    return new Builder(name);
  }

  /**
   * Wires the controllers and starts the informers they asked for, so that the caches are warm when
   * {@link #start()} comes. A second call does nothing.
   */
  public void standBy() {
    mailbox.execute(this::doStandBy);
  }

  /** Does what {@link #standBy()} does, then starts the controllers. */
  public void start() {
    mailbox.execute(this::doStart);
  }

  /**
   * Ends the work of all controllers at once: no key is handed out any more, and no write leaves
   * from now on. Informers go on; {@link #start()} may follow.
   */
  public void cancel() {
    Term ended = term;
    ended.cancelled = true;
    mailbox.execute(() -> doCancel(ended));
  }

  /**
   * Stops for good: lets runs under way finish for the grace period, then ends informers, writes
   * waiting Events and closes clients.
   *
   * @return how it went; completes never exceptionally, and is the same for every call
   */
  public CompletableFuture<StopReport> stop(Duration grace) {
    return stop(grace, EventSink.FLUSH, sequence -> {});
  }

  /**
   * Why controllers do not do their work, by canonical name; empty for those that do. While the
   * manager stands by it is why they could not take it up. Reasons come and go: an informer that
   * hears nothing any more is one as well.
   */
  public Map<String, Optional<String>> health() {
    Map<String, Optional<String>> reasons = new LinkedHashMap<>();
    managedByName.forEach(
        (name, managed) -> reasons.put(name, idleBecause().or(() -> reasonOf(managed))));
    return reasons;
  }

  /**
   * Why informers do not know how things are, by {@code informer-<resource>}; empty for those that
   * do. One has not synced yet, or has heard nothing of the server for longer than {@link
   * Builder#staleAfter}. Several informers of one resource are one entry.
   */
  public Map<String, Optional<String>> informerHealth() {
    Set<Informer<?>> all = new LinkedHashSet<>();
    managedByName.values().forEach(managed -> all.addAll(managed.informers()));
    Map<String, Optional<String>> reasons = new TreeMap<>();
    for (Informer<?> informer : all) {
      reasons.merge(
          "informer-" + informer.type().qualifiedPlural(),
          Managed.troubleOf(informer, setup.staleAfter()),
          (one, other) -> one.isPresent() ? one : other);
    }
    return reasons;
  }

  private Optional<String> idleBecause() {
    if (stopped) {
      return Optional.of("stopped");
    }
    return standing ? Optional.empty() : Optional.of("not started");
  }

  private Optional<String> reasonOf(Managed managed) {
    return managed.unhealthyBecause(setup.staleAfter());
  }

  /**
   * The controllers whose wiring made no loops, by canonical name: as they are configured, they
   * have nothing to do. They are not started, and are no reason for concern. Empty until they are
   * wired.
   */
  public Set<String> skipped() {
    Set<String> names = new LinkedHashSet<>();
    managedByName.forEach(
        (name, managed) -> {
          if (managed.isSkipped()) {
            names.add(name);
          }
        });
    return names;
  }

  /**
   * The controllers that do not do their work, or could not take it up, with their reasons; empty
   * when all is well.
   */
  public Optional<String> notReadyBecause() {
    List<String> reasons = new ArrayList<>();
    health().forEach((name, why) -> why.ifPresent(text -> reasons.add(name + ": " + text)));
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  /** What each controller is doing now, in the order they were given. */
  public List<ControllerState> states() {
    List<ControllerState> states = new ArrayList<>();
    health()
        .forEach(
            (name, trouble) ->
                states.add(
                    new ControllerState(
                        name,
                        trouble.orElse(null),
                        loops(name).stream().map(RunningLoop::state).toList())));
    return states;
  }

  /**
   * What a controller would do for a key now, without doing it: reads and decides on the calling
   * thread.
   *
   * @return for each of its loops by name; empty while it does not run
   * @throws IllegalArgumentException when the manager has no such controller
   */
  public Map<String, Explanation> explain(String controller, ObjectKey key) {
    Map<String, Explanation> explanations = new LinkedHashMap<>();
    loops(controller).forEach(loop -> explanations.put(loop.name(), loop.explain(key)));
    return explanations;
  }

  /**
   * The loops of a controller, empty while it does not run.
   *
   * @throws IllegalArgumentException when the manager has no such controller
   */
  public List<RunningLoop<?>> loops(String controller) {
    Managed managed = managedByName.get(controller);
    if (managed == null) {
      throw new IllegalArgumentException(
          "no controller " + controller + ", there are: " + managedByName.keySet());
    }
    return managed.running();
  }

  /**
   * Stops, with further steps between the writing of Events and the closing of clients.
   *
   * @param flush longest time for writing Events
   * @param last adds steps; called in the mailbox
   */
  CompletableFuture<StopReport> stop(Duration grace, Duration flush, Consumer<StopSequence> last) {
    CompletableFuture<StopReport> report = new CompletableFuture<>();
    mailbox.execute(() -> doStop(grace, flush, last, report));
    return report;
  }

  private void doStandBy() {
    if (standing || stopping != null) {
      return;
    }
    for (Managed managed : managedByName.values()) {
      managed.wire(context);
    }
    standing = true;
    registerUncaught();
    setup.informers().start();
  }

  /** The count is one of the process; a second manager of the name has nothing to add. */
  private void registerUncaught() {
    boolean isThere =
        setup.meters().find(UNCAUGHT).tag("manager", setup.name()).functionCounter() != null;
    if (!isThere) {
      uncaught =
          FunctionCounter.builder(UNCAUGHT, setup.environment(), Environment::uncaughtErrors)
              .description("Tasks of the process that ended by an error nobody caught.")
              .tag("manager", setup.name())
              .register(setup.meters());
    }
  }

  private void doStart() {
    doStandBy();
    if (stopping != null) {
      return;
    }
    Term begun = term;
    for (Managed managed : managedByName.values()) {
      if (!begun.cancelled) {
        managed.start(() -> host(managed.spec(), begun), setup.meters(), setup.name());
      }
    }
  }

  private void doCancel(Term ended) {
    if (term == ended) {
      term = new Term();
    }
    for (Managed managed : managedByName.values()) {
      managed
          .stop(Duration.ZERO)
          .whenCompleteAsync((left, thrown) -> logLeft(managed, left), mailbox);
    }
  }

  private void doStop(
      Duration grace,
      Duration flush,
      Consumer<StopSequence> last,
      CompletableFuture<StopReport> report) {
    if (stopping == null) {
      stopped = true;
      StopSequence sequence = new StopSequence(setup.environment(), mailbox);
      sequence
          .then("controllers", grace.plus(SLACK), () -> stopControllers(grace))
          .then("informers", INFORMERS_STOP.plus(SLACK), this::stopInformers)
          .then("events", flush.plus(SLACK), () -> flushEvents(flush));
      last.accept(sequence);
      stopping = sequence.then("clients", SLACK, this::closeClients).start();
    }
    CompletionStage<StopReport> end = stopping;
    end.whenComplete((steps, never) -> report.complete(steps));
  }

  private CompletionStage<String> stopControllers(Duration grace) {
    List<CompletableFuture<String>> stops = new ArrayList<>();
    managedByName.values().forEach(m -> stops.add(m.stop(grace).toCompletableFuture()));
    CompletionStage<Void> all = CompletableFuture.allOf(stops.toArray(CompletableFuture<?>[]::new));
    return all.thenApply(
        nothing -> {
          List<String> left = new ArrayList<>();
          stops.forEach(stop -> left.add(stop.join()));
          left.removeIf(String::isEmpty);
          atStop.forEach(this::attempt);
          return left.isEmpty() ? "" : "still being worked on: " + String.join(", ", left);
        });
  }

  private void attempt(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.warn("What a controller wanted done at the stop failed", e);
    }
  }

  private CompletionStage<String> stopInformers() {
    return setup
        .informers()
        .stop(INFORMERS_STOP)
        .thenApply(left -> left.isEmpty() ? "" : "handlers still busy: " + left);
  }

  private CompletionStage<String> flushEvents(Duration flush) {
    List<CompletableFuture<Integer>> closes = new ArrayList<>();
    sinkBySource.values().forEach(sink -> closes.add(sink.close(flush)));
    CompletionStage<Void> all =
        CompletableFuture.allOf(closes.toArray(CompletableFuture<?>[]::new));
    return all.thenApply(
        nothing -> {
          int left = closes.stream().mapToInt(CompletableFuture::join).sum();
          return left == 0 ? "" : left + " events not written";
        });
  }

  private CompletionStage<String> closeClients() {
    clientByName.values().forEach(ApiClient::close);
    managedByName.values().forEach(managed -> managed.close(setup.meters()));
    if (uncaught != null) {
      setup.meters().remove(uncaught);
    }
    return CompletableFuture.completedFuture("");
  }

  private LoopHost host(ControllerSpec spec, Term begun) {
    ApiClient client = clientByName.computeIfAbsent(spec.client(), setup.clients());
    return new LoopHost(
        setup.environment(),
        client,
        setup.meters(),
        component -> events(spec.client(), component, client),
        begun);
  }

  private Consumer<Action.Emit> events(String identity, String component, ApiClient client) {
    return sinkBySource.computeIfAbsent(
        List.of(identity, component), source -> setup.events().sink(component, client));
  }

  private static void logLeft(Managed managed, @Nullable String left) {
    if (left != null && !left.isEmpty()) {
      log.warn("{} was cancelled while working on {}", managed.spec().name(), left);
    }
  }

  /** From one start to the next cancellation. {@code cancelled} is set once, by any thread. */
  private final class Term implements Fence {

    private volatile boolean cancelled;

    @Override
    public Optional<String> closedBecause() {
      return cancelled
          ? Optional.of("the controllers of " + setup.name() + " were cancelled")
          : setup.fence().closedBecause();
    }

    @Override
    public Optional<String> term() {
      return setup.fence().term();
    }
  }

  /** Makes what writes the Events of a component. */
  @FunctionalInterface
  public interface EventSinks {

    /**
     * The sink of a component; asked for once for each component of an identity, and closed by the
     * manager.
     *
     * @param component name of the loop that has something to tell
     * @param client of the controller's identity; not closed by the sink
     */
    EventSink sink(String component, ApiClient client);
  }

  /** What wirings see. Thread-safe: it only hands on. */
  private final class Context implements ControllerContext {

    @Override
    public Environment environment() {
      return setup.environment();
    }

    @Override
    public <T extends HasMetadata> Informer<T> informer(ResourceType<T> type, Selection selection) {
      return setup.informers().informer(type, selection);
    }

    @Override
    public MeterRegistry meters() {
      return setup.meters();
    }

    @Override
    public void atStop(Runnable action) {
      atStop.add(action);
    }

    @Override
    public boolean enabled(String featureGate) {
      return setup.gates().test(featureGate);
    }
  }

  /**
   * What a manager is made of.
   *
   * @param name label in meters
   * @param environment clocks, timers, threads
   * @param controllers those that are to run
   * @param clients gives the client of an identity
   * @param informers shared by all
   * @param meters registry
   * @param gates whether a feature gate is on
   * @param fence whether this process may write
   * @param events makes what writes Events
   * @param staleAfter how long informers may hear nothing; zero for ever
   */
  private record Setup(
      String name,
      Environment environment,
      List<ControllerSpec> controllers,
      Function<String, ApiClient> clients,
      InformerSource informers,
      MeterRegistry meters,
      Predicate<String> gates,
      Fence fence,
      EventSinks events,
      Duration staleAfter) {}

  /** Builds a manager. Single use, confined to one thread. */
  public static final class Builder {

    private final String name;
    private final List<ControllerSpec> controllers = new ArrayList<>();
    private Predicate<ControllerSpec> selection = ControllerSpec::enabledByDefault;
    private Predicate<String> gates = gate -> false;
    private Fence fence = Fence.OPEN;
    private Duration staleAfter = STALE_AFTER;
    private @Nullable Function<String, ApiClient> clients;
    private @Nullable EventSinks events;
    private @Nullable InformerSource informers;
    private @Nullable MeterRegistry meters;

    private Builder(String name) {
      this.name = name;
    }

    /** Controllers to choose from. */
    public Builder controllers(List<ControllerSpec> specs) {
      controllers.addAll(specs);
      return this;
    }

    /** Which of them run. Default: those enabled by default. */
    public Builder selecting(Predicate<ControllerSpec> selected) {
      selection = selected;
      return this;
    }

    /** Whether a feature gate is on. Default: none is. */
    public Builder gates(Predicate<String> enabled) {
      gates = enabled;
      return this;
    }

    /** Gives the client of an identity, once for each; closed by the manager. Required. */
    public Builder clients(Function<String, ApiClient> byIdentity) {
      clients = byIdentity;
      return this;
    }

    /** Informers of the process; started and stopped by the manager. Required. */
    public Builder informers(Informers shared) {
      return informers(InformerSource.of(shared));
    }

    /** Gives informers; started and stopped by the manager. */
    public Builder informers(InformerSource source) {
      informers = source;
      return this;
    }

    /** Where meters go. Required. */
    public Builder meters(MeterRegistry registry) {
      meters = registry;
      return this;
    }

    /**
     * Makes what writes Events. Default: an {@link EventRecorder} for each component, which writes
     * core/v1 Events without a host, as upstream's manager does. For {@code events.k8s.io/v1}:
     *
     * <pre>{@code
     * .events((component, client) ->
     *     EventSeriesRecorder.of(component, podName, client, meters, environment))
     * }</pre>
     */
    public Builder events(EventSinks sinks) {
      events = sinks;
      return this;
    }

    /** Whether this process may write, asked before each write. Default: always. */
    public Builder fence(Fence leadership) {
      fence = leadership;
      return this;
    }

    /**
     * How long an informer may hear nothing from the server before {@link Manager#health()} names
     * it.
     *
     * @param age above zero, or zero for any time; default {@link Manager#STALE_AFTER}
     */
    public Builder staleAfter(Duration age) {
      if (age.isNegative()) {
        throw new IllegalArgumentException(
            "manager " + name + ": staleAfter is " + age + ", allowed: zero (never) or more");
      }
      staleAfter = age;
      return this;
    }

    /**
     * The manager, not started.
     *
     * @throws IllegalStateException when something required is missing
     * @throws IllegalArgumentException when two controllers have one name
     */
    public Manager create(Environment environment) {
      if (clients == null || informers == null || meters == null) {
        throw new IllegalStateException("manager " + name + " has no " + missing());
      }
      MeterRegistry registry = meters;
      return new Manager(
          new Setup(
              name,
              environment,
              controllers.stream().filter(selection).filter(this::gatesAreOn).toList(),
              clients,
              informers,
              registry,
              gates,
              fence,
              events != null
                  ? events
                  : (component, client) ->
                      EventRecorder.of(component, client, registry, environment),
              staleAfter));
    }

    private boolean gatesAreOn(ControllerSpec spec) {
      for (String gate : spec.requiredGates()) {
        if (!gates.test(gate)) {
          log.info("Controller {} is disabled by feature gate {}", spec.name(), gate);
          return false;
        }
      }
      return true;
    }

    private String missing() {
      Map<String, @Nullable Object> required = new LinkedHashMap<>();
      required.put("clients", clients);
      required.put("informers", informers);
      required.put("meters", meters);
      return required.keySet().stream()
          .filter(what -> required.get(what) == null)
          .map(what -> what + ": call " + what + "(..)")
          .collect(Collectors.joining("; no "));
    }
  }
}
