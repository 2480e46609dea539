package dev.kcm.embedded.resource;

import dev.kcm.embedded.resource.ApiRequest.Verb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Makes the server misbehave on purpose: fails calls before or after they were committed, delays,
 * holds back or cuts watches, compacts. May be scripted before and while the server runs.
 *
 * <pre>{@code
 * FaultPlan faults = FaultPlan.create();
 * faults.on(Verb.UPDATE, "deployments").call(3).failAfterCommit(() -> Statuses.badRequest("no"));
 * faults.on(Verb.CREATE, "pods").everyCall().fail(() -> Statuses.internalError("etcd is away"));
 * }</pre>
 *
 * <p>Thread-safe: concurrent collections and counters only; actions run on the calling thread.
 */
public final class FaultPlan {

  /** What a plan can do to a running server. */
  interface Controls {
    void cutWatches(String resource);

    void releaseWatches(String resource);

    void compact();
  }

  private enum When {
    BEFORE,
    AFTER
  }

  private static final int EVERY = 0;

  /** A rule: counts the calls it is about and acts on one of them, or on every one. */
  private static final class Rule {
    private final Verb verb;
    private final String resource;
    private final int call;
    private final When when;
    private final Runnable action;
    private final AtomicInteger seen = new AtomicInteger();

    Rule(Verb verb, String resource, int call, When when, Runnable action) {
      this.verb = verb;
      this.resource = resource;
      this.call = call;
      this.when = when;
      this.action = action;
    }

    void pass(Verb requestVerb, String requestResource, When moment) {
      boolean meant = moment == when && verb == requestVerb && resource.equals(requestResource);
      if (meant && (call == EVERY || seen.incrementAndGet() == call)) {
        action.run();
      }
    }
  }

  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Controls> servers = new CopyOnWriteArrayList<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final Map<String, Duration> delays = new ConcurrentHashMap<>();

  private FaultPlan() {}

  /** A plan without faults. */
  public static FaultPlan create() {
    return new FaultPlan();
  }

  /**
   * Starts a rule about calls.
   *
   * @param verb the verb of the calls
   * @param resource plural resource name, with {@code /subresource} for calls to one
   */
  public Calls on(Verb verb, String resource) {
    return new Calls(verb, resource);
  }

  /** Which calls a rule is about. */
  public final class Calls {
    private final Verb verb;
    private final String resource;

    private Calls(Verb verb, String resource) {
      this.verb = verb;
      this.resource = resource;
    }

    /**
     * Only the n-th such call from now on.
     *
     * @param number 1 for the next one
     */
    public Fault call(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("calls are counted from 1, not " + number);
      }
      return new Fault(this, number);
    }

    /** All such calls until {@link FaultPlan#clear}. */
    public Fault everyCall() {
      return new Fault(this, EVERY);
    }
  }

  /** What happens at a call. */
  public final class Fault {
    private final Calls calls;
    private final int number;

    private Fault(Calls calls, int number) {
      this.calls = calls;
      this.number = number;
    }

    /** The call fails and has no effect. */
    public FaultPlan fail(Supplier<StatusException> refusal) {
      return add(When.BEFORE, () -> refuse(refusal));
    }

    /** The call is carried out, but the caller is told that it failed. */
    public FaultPlan failAfterCommit(Supplier<StatusException> refusal) {
      return add(When.AFTER, () -> refuse(refusal));
    }

    /** Something happens right before the call is carried out, on the caller's thread. */
    public FaultPlan run(Runnable action) {
      return add(When.BEFORE, action);
    }

    /** All watch and list history is forgotten right before the call is carried out. */
    public FaultPlan compact() {
      return add(When.BEFORE, () -> servers.forEach(Controls::compact));
    }

    private FaultPlan add(When when, Runnable action) {
      rules.add(new Rule(calls.verb, calls.resource, number, when, action));
      return FaultPlan.this;
    }
  }

  private static void refuse(Supplier<StatusException> refusal) {
    throw refusal.get();
  }

  /** Ends all open watches of a resource, as a broken connection would; empty for all. */
  public void cutWatches(String resource) {
    servers.forEach(server -> server.cutWatches(resource));
  }

  /** Holds back the events of all watches of a resource until {@link #releaseWatches}. */
  public void holdWatches(String resource) {
    held.add(resource);
  }

  /** Delivers what was held back, in order, and lets events pass again. */
  public void releaseWatches(String resource) {
    held.remove(resource);
    servers.forEach(server -> server.releaseWatches(resource));
  }

  /**
   * Delays the events of all watches of a resource.
   *
   * @param delay time on the server's timer; zero for none
   */
  public void delayWatches(String resource, Duration delay) {
    delays.put(resource, delay);
  }

  /** Forgets all rules, delays and holds; what was held back is delivered. */
  public void clear() {
    rules.clear();
    delays.clear();
    new ArrayList<>(held).forEach(this::releaseWatches);
  }

  void attach(Controls server) {
    servers.add(server);
  }

  void detach(Controls server) {
    servers.remove(server);
  }

  void before(ApiRequest request) {
    pass(request, When.BEFORE);
  }

  void after(ApiRequest request) {
    pass(request, When.AFTER);
  }

  private void pass(ApiRequest request, When when) {
    if (rules.isEmpty()) {
      return;
    }
    String resource =
        request.subresource().isEmpty()
            ? request.resource()
            : request.resource() + "/" + request.subresource();
    rules.forEach(rule -> rule.pass(request.verb(), resource, when));
  }

  boolean holdsWatches(String resource) {
    return held.contains(resource);
  }

  Duration watchDelay(String resource) {
    Duration delay = delays.get(resource);
    return delay == null ? Duration.ZERO : delay;
  }
}
